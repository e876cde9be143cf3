"""Index the app in the folder given and print the names of its functions, as JSON."""

import importlib
import json
import sys

sys.path.insert(0, sys.argv[1])
app = importlib.import_module("function_app").app
sys.stdout.write(json.dumps([function.get_function_name() for function in app.get_functions()]))
