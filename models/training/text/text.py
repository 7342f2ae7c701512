"""Genesis 1 to 34 from Debian's bible-kjv and bible-kjv-text, verses without their numbers, one a line:

    apt-get install bible-kjv && python models/training/text/text.py
"""

import subprocess
from pathlib import Path

# a line wider than any verse, so that none is broken
verses = subprocess.run(["bible", "-l3000", "gen1:1-34:31"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
lines = [line.strip().split(" ", 1)[1] for line in verses.stdout.splitlines() if line.strip()[:1].isdigit()]
Path(__file__).with_name("genesis.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
