"""The settings behind the window: the file here, the library and the models through the resident process."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app import config, launch
from app.config import Config, ConfigError
from app.window.link import Link
from ui.settings.backend import (
    About,
    Finding,
    FolderRules,
    Health,
    Learnable,
    LibraryFacts,
    ModelOffer,
    Preferences,
    Reduced,
    Tended,
)


class Settings(Link):
    """Implements `ui.settings.backend.SettingsBackend`.

    A change goes into the file and into use; what the command line of the window says for this run is used
    and not written down.
    """

    def __init__(self, settings: Config, problem: ConfigError | None = None) -> None:
        super().__init__(settings)
        self._problem = problem

    def preferences(self) -> Preferences:
        """Return what is in use."""
        return Preferences(**asdict(self._settings))

    def preferences_problem(self) -> str:
        """Say what is wrong with the settings file."""
        return self._problem.message if self._problem else ""

    def mend_preferences(self) -> Path:
        """Write the file anew with what was right in it, and use it."""
        kept = config.mend()
        self._problem = None
        self._settings = config.load()
        return kept

    def save_preferences(self, changes: Mapping[str, Any]) -> Preferences:
        """Write the changes into the file and use them."""
        config.save(replace(config.load(), **changes))
        self._settings = replace(self._settings, **changes)
        return self.preferences()

    def library_facts(self) -> LibraryFacts:
        """Say what is chosen for the library."""
        told = self._ask("library", what="facts")
        folders = tuple(
            FolderRules(Path(one["path"]), tuple(one["excludes"]), one["present"]) for one in told["folders"]
        )
        learned = tuple(Learnable(one["name"], one["on"], tuple(one["reads"])) for one in told["learned"])
        return LibraryFacts(
            Path(told["folder"]), told["bytes"], folders, learned, told["faces"], told["passwords"]
        )

    def set_excludes(self, folder: Path, patterns: Sequence[str]) -> None:
        """Choose what is left out in a folder."""
        self._ask("library", what="set_excludes", folder=str(folder), patterns=list(patterns))

    def forget_folder(self, folder: Path) -> int:
        """Take a folder out of the library."""
        return int(self._ask("library", what="forget_folder", folder=str(folder)))

    def switch_learning(self, name: str, on: bool) -> None:
        """Learn something, or leave it out."""
        self._ask("library", what="switch", name=name, on=on)

    def delete_learned(self, names: Sequence[str]) -> int:
        """Delete what was learned."""
        return int(self._ask("library", what="delete_learned", names=list(names)))

    def forget_passwords(self) -> None:
        """Forget the passwords of locked PDFs."""
        self._ask("library", what="forget_passwords")

    def look_after(self) -> Health:
        """Say how the library is."""
        told = self._ask("library", what="look_after")
        held = told["spare"]
        return Health(_findings(told["findings"]), held["contents"], held["thumbnails"], held["bytes"])

    def tend(self) -> Tended:
        """Mend and tidy up."""
        told = self._ask("library", what="tend")
        pruned = told["pruned"]
        mended, left = _findings(told["mended"]), _findings(told["left"])
        return Tended(mended, left, pruned["contents"], pruned["bytes_freed"])

    def models(self) -> tuple[ModelOffer, ...]:
        """Return every model."""
        return tuple(ModelOffer(**one) for one in self._ask("library", what="models"))

    def remove_model(self, id_: str) -> None:
        """Delete a model, and choose it no more."""
        self._ask("library", what="remove_model", id=id_)
        chosen = self.preferences().models
        if id_ in chosen.values():
            self.save_preferences({"models": {task: one for task, one in chosen.items() if one != id_}})

    def reduce_model(self, id_: str, dims: int) -> Reduced:
        """Make a model smaller, and choose that one."""
        made = self._ask("library", what="reduce_model", id=id_, dims=dims)
        self.save_preferences({"models": {**self.preferences().models, made["task"]: made["id"]}})
        return Reduced(made["id"], dims / made["dims_before"], made["kept"])

    def model_command(self, id_: str) -> Sequence[str]:
        """Return the command line that gets a model and tells in JSON how far it is."""
        return launch.command("models", "pull", "--progress-json", "--until-stdin-closes", id_)

    def about(self) -> About:
        """Say what the program is made of."""
        from app.about import about

        return about()


def _findings(told: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(one["kind"], one["detail"], one["safe_to_repair"]) for one in told)
