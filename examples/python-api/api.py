import os

import psycopg
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/ships")
def ships():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        rows = connection.execute("select id, name from ship order by name").fetchall()
    return jsonify([{"id": id, "name": name} for id, name in rows])
