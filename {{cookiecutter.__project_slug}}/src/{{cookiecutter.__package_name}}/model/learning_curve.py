"""The learning curve, as DVCLive logs it."""

from pathlib import Path

from dvclive.live import Live


class LearningCurve(Live):
    """DVCLive that writes files and nothing else: dvc.yaml declares them by hand."""

    def __init__(self, folder: Path) -> None:
        """Log below this folder."""
        super().__init__(str(folder), dvcyaml=None, save_dvc_exp=False, report=None)

    def _init_dvc(self) -> None:
        """Leave the repository alone.

        DVCLive 3.49 asks it for the newest commit, fails where there is none yet, and takes half a
        second for it.
        """
