"""Language models, behind one door: any server that speaks OpenAI's chat completions (OpenAI itself, Ollama, vLLM …).

`settings`  where the model is, read once in an entry point and handed down
`errors`    what can go wrong, each a sentence that names the remedy
`client`    `Llm`: a question in, a checked answer out
`answers`   how an answer's JSON is found and checked
`made`      an answer by the model, or by stated rules; it says which

Nothing here is loaded before it is asked for: a box without a model does not pay for the SDK.
"""
