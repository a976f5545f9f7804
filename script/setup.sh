# Sourced by the scripts beside it: finds Python and uv, and installs the locked dependencies into .venv.
# Usage: sync="uv sync options"; . script/setup.sh

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 \
            && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "Vitavault needs Python 3.11, 3.12 or 3.13: on Debian, install the package python3." >&2
    exit 2
}

find_uv() {
    if command -v uv >/dev/null 2>&1; then
        command -v uv
        return
    fi
    tools="$PWD/.tools"
    if [ ! -x "$tools/bin/uv" ]; then
        if ! "$1" -m pip --version >/dev/null 2>&1; then
            echo "Vitavault needs pip to set itself up: on Debian, install the package python3-pip." >&2
            exit 2
        fi
        "$1" -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
            --target "$tools" --upgrade "uv>=0.13,<0.14" >&2
    fi
    echo "$tools/bin/uv"
}

python=$(find_python) || exit $?
uv=$(find_uv "$python") || exit $?
UV_PYTHON_DOWNLOADS=never "$uv" sync --quiet --locked --python "$python" $sync || exit $?
