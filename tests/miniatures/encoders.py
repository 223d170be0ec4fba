"""Text and vision encoders with random weights."""

from transformers import (
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPVisionConfig,
    CLIPVisionModel,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)


def clip_text(tok, hidden=32, proj=32, with_projection=False):
    n = len(tok)
    cfg = CLIPTextConfig(
        vocab_size=n,
        hidden_size=hidden,
        intermediate_size=hidden,
        num_attention_heads=4,
        num_hidden_layers=2,
        projection_dim=proj,
        max_position_embeddings=77,
        hidden_act="gelu",
        bos_token_id=tok.bos_token_id,
        eos_token_id=tok.eos_token_id,
        pad_token_id=tok.pad_token_id,
    )
    return (CLIPTextModelWithProjection if with_projection else CLIPTextModel)(cfg).eval()


def t5_encoder(tok, dim=32, umt5=False):
    config, model = (UMT5Config, UMT5EncoderModel) if umt5 else (T5Config, T5EncoderModel)
    return model(
        config(
            vocab_size=len(tok),
            d_model=dim,
            d_kv=8,
            d_ff=dim,
            num_layers=2,
            num_heads=4,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.0,
            pad_token_id=0,
            eos_token_id=1,
        )
    ).eval()


def clip_vision(size=32, hidden=16, layers=3):
    m = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=hidden,
            projection_dim=hidden,
            num_hidden_layers=layers,
            num_attention_heads=4,
            image_size=size,
            intermediate_size=hidden,
            patch_size=8,
        )
    ).eval()
    return m, CLIPImageProcessor(crop_size={"height": size, "width": size}, size={"shortest_edge": size})
