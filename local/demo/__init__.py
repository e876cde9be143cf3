"""The main job on one screen: an HR webhook ends in `enforced`."""
