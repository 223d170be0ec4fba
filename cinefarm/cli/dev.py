"""`make dev`: master, worker and a page that reloads as you edit it."""

import os
import subprocess
from pathlib import Path

from cinefarm.cli.local_farm import free_port, local_farm
from cinefarm.cli.output import out

FRONTEND = Path(__file__).parents[2] / "frontend"


def main() -> None:
    with local_farm(Path.cwd(), free_port(8000)) as farm:
        out.print(f"API and built page: {farm.link()}", markup=False, soft_wrap=True)
        out.print("Open that link once, then the address that Vite prints.", markup=False)
        try:
            subprocess.run(
                ["npm", "run", "dev"], cwd=FRONTEND, check=False, env={**os.environ, "CINEFARM_URL": farm.url}
            )
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
