"""How the sweep packs what it keeps."""
