"""Makes wheels of one module each: make-wheels.py FOLDER. Each brings a command that prints its name."""

import pathlib
import sys
import zipfile

packages = {
    "tinyweb": ["tinylog"],
    "tinylog": [],
    "tinytool": [],
}

for name, needs in packages.items():
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": f'GREETING = "hello from {name}"\n\n\ndef main():\n    print(GREETING)\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        + "".join(f"Requires-Dist: {need}\n" for need in needs),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: plimsoll\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
