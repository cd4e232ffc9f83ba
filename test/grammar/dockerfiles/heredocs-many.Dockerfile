FROM alpine:3.22
COPY <<robots.txt <<data.json <<'run.py' /srv/
User-agent: *
robots.txt
{"a": 1}
data.json
import os
run.py
RUN cat <<A > /a.yaml && python3 <<B
a: 1
A
print("b")
B
RUN <<FILE1 cat > one && <<FILE2 cat > two.xml
plain
FILE1
<two/>
FILE2
USER nobody
