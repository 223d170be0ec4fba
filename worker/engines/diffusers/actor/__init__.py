"""What leads WAN-Animate, prepared from the raw footage of an actor.

Only `people.py` and `key_points.py` ask models; the rest reckons with numbers, of pixels and of frames.

prepare.py     from the footage to the videos that lead the model
figure.py      the points of a body, hands and face, in the order that WAN-Animate draws them
people.py      where people are in a picture (RT-DETR)
one_person.py  the one who acts, from frame to frame
key_points.py  where their joints are (ViTPose)
calm.py        short gaps closed, trembling taken out
retarget.py    the actor's movements with the character's proportions
skeleton.py    a figure drawn as the model learnt it
face.py        the actor's face, square and steady
"""
