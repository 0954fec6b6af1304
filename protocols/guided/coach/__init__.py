"""How the evidence coach tells what was seen from what was thought.

A *note* is what somebody wrote in a classroom. It is cut into *clauses* (`clauses`), each clause is described by
what its words do (`lexicon`, `features`), and a small linear model (`model`) whose weights are data (`weights.json`)
says how strongly each clause judges and whether the note as a whole is evidence, judgement or both.

The weights come from notes written for this project (`notes/*.txt` and the grammar in `grammar`); `train` rebuilds
them, the same every time. Only `train` needs scikit-learn.
"""
