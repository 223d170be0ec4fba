"""The real device host, which also finds the engines beside this file."""

from pathlib import Path

import worker.engines
from worker.host import main

worker.engines.__path__.append(str(Path(__file__).with_name("strange_engines")))
main()
