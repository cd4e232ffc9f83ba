FROM alpine:3.22
RUN apk add curl # why not \
    && echo this is still the comment
RUN echo a#b "c # d" # e
RUN make \
    # ours "
    install
CMD exec app # last
