"""The commands of `./dev`: a module each, with `main(arguments) -> exit code`.

The first line of the module's docstring is what `./dev --help` says about it.
"""
