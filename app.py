"""The front door: `streamlit run app.py`. The pages hang in pages/frame.py.

Streamlit finds the app by reading this file, so `app` must be a plain assignment of `st.App`.
"""

import streamlit as st
from starlette.middleware import Middleware

from models import memory
from pages import shell, warm

memory.settle()
app = st.App("pages/frame.py", lifespan=warm.lifespan, middleware=[Middleware(shell.Head)])
