# docker build -t glassbox . && docker run -p 8501:8501 glassbox
FROM python:3.12-slim
WORKDIR /glassbox
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN useradd --system --create-home visitor
USER visitor
ENV STREAMLIT_SERVER_HEADLESS=true STREAMLIT_SERVER_ADDRESS=0.0.0.0
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8501/_stcore/health')"]
CMD ["streamlit", "run", "app.py"]
