"""Write miniatures: `python -m tests.miniatures FOLDER [BUNDLE…]`, and workflow files that fit them."""

import sys
from pathlib import Path

from tests.miniatures.bundles import FILES, FOLDERS, MODELS, PIPELINES, write_bundle
from tests.miniatures.workflows import write_workflows

folder, *names = sys.argv[1:]
for name in names or [*PIPELINES, *MODELS, *FILES, *FOLDERS]:
    write_bundle(name, Path(folder) / "models")
write_workflows(Path(folder) / "workflows")
