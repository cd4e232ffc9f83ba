// SYNTAX TEST "source.dockerfile" "comments inside continuations do not end the instruction"
# escape is a word here
// <- comment.line.number-sign.dockerfile - meta.directive.dockerfile
FROM alpine
RUN apk add \
    # it's needed \
//  ^^^^^^^^^^^^^^^ comment.line.number-sign.dockerfile - constant.character.escape.line-continuation.dockerfile

# plimsoll ignore=a-rule: because
//^^^^^^^^ ^^^^^^ keyword.control.suppression.dockerfile
//                ^^^^^^ entity.name.rule.dockerfile
//                        ^^^^^^^ meta.reason.dockerfile
    curl
//  ^^^^ meta.embedded.line.shell.dockerfile word.shell - string.quoted.shell comment.line.number-sign.dockerfile
# hadolint ignore=DL3008,DL3009
//         ^^^^^^ keyword.control.suppression.dockerfile
//                ^^^^^^ ^^^^^^ entity.name.rule.dockerfile
USER a
// <---- keyword.other.special-method.dockerfile
