"""How fast it is, as ratios that hold on any machine: ``tox run -e bench`` prints them all."""
