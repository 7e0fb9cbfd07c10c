"""The script that the packaged program runs."""

from app import launch

launch.main()
