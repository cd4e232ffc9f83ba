FROM
RUN
COPY --from=
ENV A=
ENV B="open
ARG
FOO bar
{{ if .x }}
RUN echo {{ .y }} \
    && true
RUN cat <<EOF
the end never comes
