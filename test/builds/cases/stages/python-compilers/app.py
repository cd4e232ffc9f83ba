import pathlib
import subprocess
import tinyweb

pathlib.Path("state").write_text("kept")
print(tinyweb.GREETING, pathlib.Path("state").read_text(), flush=True)
subprocess.run(["tinytool"], check=True)
