"""Pictures of the plan, drawn on the server: one file and one template each, found by themselves.

A picture is a value made from queries (`view`) and a fragment that draws it as SVG. The same
fragment stands on its page, on the projector and on paper.
"""
