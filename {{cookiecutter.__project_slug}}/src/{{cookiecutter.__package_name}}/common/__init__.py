"""What every stage and command stands on: settings, files, messages and errors."""
