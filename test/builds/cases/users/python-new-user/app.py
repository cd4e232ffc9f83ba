import pathlib
import tinyweb
import helper

pathlib.Path("state.txt").write_text(helper.WORD)
print(tinyweb.GREETING, pathlib.Path("state.txt").read_text())
