"""How a downloaded file is called: the header that says so."""

import re
from urllib.parse import quote

from cinefarm.storage import safe_name


def disposition(kind: str, name: str) -> str:
    """RFC 6266 with the name in RFC 5987 form beside a plain ASCII one."""
    name = safe_name(name, "file")
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
