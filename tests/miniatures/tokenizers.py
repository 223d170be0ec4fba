"""Tokenizers over bytes and ASCII: nothing is downloaded."""

from tokenizers import pre_tokenizers
from transformers import CLIPTokenizer, GemmaTokenizer, Qwen2Tokenizer, T5TokenizerFast


def _bytes_alphabet():
    return sorted(pre_tokenizers.ByteLevel.alphabet())


def clip_tokenizer():
    ab = _bytes_alphabet()
    vocab = {t: i for i, t in enumerate(ab + [c + "</w>" for c in ab] + ["<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77)


def t5_tokenizer(max_len=512):
    v = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    v += [(chr(c), -3.0) for c in range(33, 127)]
    return T5TokenizerFast(vocab=v, extra_ids=0, model_max_length=max_len)


def qwen_tokenizer():
    special = [
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
        "<|vision_start|>",
        "<|vision_end|>",
        "<|vision_pad|>",
        "<|image_pad|>",
        "<|video_pad|>",
    ]
    vocab = {t: i for i, t in enumerate(_bytes_alphabet())}
    tok = Qwen2Tokenizer(vocab={**vocab, "<|endoftext|>": len(vocab)}, merges=[], model_max_length=4096)
    tok.add_special_tokens({"additional_special_tokens": special[1:]})
    return tok


def gemma_tokenizer():
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    chars = ["\u2581"] + [chr(c) for c in range(33, 127)]
    vocab = {t: i for i, t in enumerate(special + chars + [f"<0x{b:02X}>" for b in range(256)])}
    t = GemmaTokenizer(vocab=vocab, merges=[], model_max_length=1024)
    t.padding_side = "left"
    return t
