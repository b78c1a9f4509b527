"""The front door: `streamlit run app.py`. The pages hang in pages/frame.py.

Streamlit finds the app by reading this file, so `app` must be a plain assignment of `st.App`.
"""

import streamlit as st

from models import memory
from pages import warm

memory.settle()
app = st.App("pages/frame.py", lifespan=warm.lifespan)
