FROM python:3.13-slim
RUN python3 <<EOF
print("hi")
EOF
RUN <<EOF python3 -
print("hi")
EOF
RUN <<'EOF'
#!/usr/bin/env node
console.log('hi');
EOF
RUN ruby <<'EOF' | tee /log
puts "hi"
EOF
RUN psql -U app <<SQL
select 1;
SQL
RUN cat <<EOF > /etc/app.yaml
a: 1
EOF
RUN cat > /etc/app.ini <<'EOF' && chmod 600 /etc/app.ini
[a]
EOF
RUN tee /srv/index.html <<EOF
<p>hi</p>
EOF
RUN cat <<EOF > /etc/motd
Welcome to $HOST
EOF
