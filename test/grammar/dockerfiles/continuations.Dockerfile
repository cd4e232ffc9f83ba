FROM alpine:3.22
RUN set -e; \
    # a comment with an open 'quote
    apk add \
# at the margin

      curl \
      \
      git
ENV A=1 \
    B="two \
 lines" \
    # hadolint ignore=DL3000
    C=3
COPY a \
     b \
     /c/
RUN echo even \\
USER nobody
RUN echo blanks after \  
    still here
LABEL a=b \
