"""The pictures, each drawn on axes it is given; `loadmon.plot_weeks` and its neighbours.

Meaning is carried by shape and words, colour only helps (Okabe-Ito). Text and lines have a middle
grey, so that they can be read on light and on dark ground.
"""
