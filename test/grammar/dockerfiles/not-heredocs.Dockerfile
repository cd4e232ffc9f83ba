FROM alpine:3.22
RUN echo $((1 << 2)) && cat <<< word
RUN echo "text <<EOF text" 'and <<EOF'
RUN ["cat", "<<EOF"]
ENV A=<<EOF
RUN printf "\
cat <<EOF\n\
EOF\n\
" > /script
RUN useradd -u <<UID>> app
USER nobody
