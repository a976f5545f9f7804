"""Resumes in Chinese, Japanese, Arabic and Russian that readers may be tuned on: their text must be recovered.

PDFs are made only where a font for the script is installed.
"""

from intake.demo.resumes import FOLDER
from tests.resumes.layouts.layout import Layout, list_typeset_scripts, typst_layout
from tests.resumes.layouts.office import lay_lines
from tests.resumes.people import OTHER, Shows
from tests.resumes.writers.docx import write_docx

KEPT_OUT = False

LAYOUTS = (
    typst_layout(FOLDER / "labels.typ", Shows(("native: – ", "dot: - ")), "script_labels", list_typeset_scripts()),
    Layout("script_docx", "docx", Shows(("native: – ", "years")), lambda view: write_docx(lay_lines(view)), OTHER),
)
