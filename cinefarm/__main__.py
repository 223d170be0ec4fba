"""`python -m cinefarm …` is `cinefarm …`."""

from cinefarm.cli import main

main()
