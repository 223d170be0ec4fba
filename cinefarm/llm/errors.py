"""What can go wrong with a language model. The message is a sentence for the one who must act; it never holds the key.

LlmError
├── LlmNotSet         no model, or no key where one is needed
├── LlmUnauthorised   the key is wrong, or may not use this model
├── LlmQuota          what was paid for is used up
├── LlmUnavailable    not reached, busy or broken, also after retries
├── LlmTimeout        no answer in time
├── LlmRejected       the server does not take the question: unknown model, too long, wrong address
├── LlmRefused        the model or its provider refuses the content
└── LlmBadAnswer      an answer that does not fit, also after it was asked to mend it
"""


class LlmError(Exception):
    """The root; catch it where rules can take the model's place."""


class LlmNotSet(LlmError):
    pass


class LlmUnauthorised(LlmError):
    pass


class LlmQuota(LlmError):
    pass


class LlmUnavailable(LlmError):
    pass


class LlmTimeout(LlmError):
    pass


class LlmRejected(LlmError):
    pass


class LlmRefused(LlmError):
    pass


class LlmBadAnswer(LlmError):
    pass
