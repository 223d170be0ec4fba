import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type AdStyles, listAdsOptions, listAdsQueryKey, listAdStylesOptions, makeAdMutation } from "@/api";
import { useDraft } from "@/features/ads/draft";
import { lackOf, requestOf } from "@/features/ads/form";
import { FormPanel } from "@/features/ads/form-panel";
import { Gallery } from "@/features/ads/gallery";
import { usePutAd } from "@/features/ads/use-ad";
import { useAdTexts } from "@/i18n/ads";
import { randomKey } from "@/lib/random-key";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Failed, Loading, Notice, useErrorText } from "@/ui/states";

export function AdsPage() {
  return <Page>{useAdTexts() ? <Studio /> : <Loading />}</Page>;
}

/** The form of a new ad, and beside it those made before. */
function Studio() {
  const { t } = useTranslation("ads");
  const styles = useQuery(listAdStylesOptions());
  return (
    <>
      <PageHead title={t("title")} facts={<p className="mt-1 text-soft">{t("help")}</p>} />
      {styles.isPending && <Loading />}
      {styles.isError && <Failed error={styles.error} onRetry={() => void styles.refetch()} />}
      {styles.data && (
        <div className="mt-5 grid items-start gap-6 lg:grid-cols-[26rem_minmax(0,1fr)]">
          <NewAd styles={styles.data} />
          <Earlier />
        </div>
      )}
    </>
  );
}

function NewAd({ styles }: { styles: AdStyles }) {
  const { t } = useTranslation("ads");
  const say = useErrorText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const putAd = usePutAd();
  const [form, change, forget] = useDraft();
  const [key, setKey] = useState(randomKey);
  const make = useMutation({
    ...makeAdMutation(),
    onSuccess: (ad) => {
      putAd(ad);
      void client.invalidateQueries({ queryKey: listAdsQueryKey() });
      forget();
      setKey(randomKey());
      void navigate({ to: "/ads/$id", params: { id: ad.id } });
    },
  });
  const lack = lackOf(form, styles.text_limit);
  const submit = () => {
    if (lack === undefined && !make.isPending)
      make.mutate({ body: requestOf(form), headers: { "idempotency-key": key } });
  };
  return (
    <FormPanel
      form={form}
      styles={styles}
      error={make.error}
      onChange={(changed) => {
        setKey(randomKey()); // another ad than the one that was sent
        change(changed);
      }}
      onSubmit={submit}
    >
      {make.isError && <Notice tone="bad">{say(make.error)}</Notice>}
      <Button
        type="submit"
        look="primary"
        icon={<Sparkles />}
        busy={make.isPending}
        why={lack && t(`lack.${lack}`)}
        className="h-10! w-full text-sm!"
      >
        {make.isPending ? t("act.sending") : t("act.make")}
      </Button>
      <p className="text-center text-xs text-faint">
        {lack ? t(`lack.${lack}`) : t("form.ready", { count: form.sizes.length * form.variants })}
      </p>
    </FormPanel>
  );
}

const FIRST = 48;
const MOST = 200; // what the master answers at once

function Earlier() {
  const { t } = useTranslation("ads");
  const [limit, setLimit] = useState(FIRST);
  const ads = useQuery({ ...listAdsOptions({ query: { limit } }), placeholderData: (before) => before });
  return (
    <section aria-label={t("gallery.title")}>
      <h2 className="mb-3 text-base font-semibold">{t("gallery.title")}</h2>
      {ads.isPending && <Loading />}
      {ads.isError && <Failed error={ads.error} onRetry={() => void ads.refetch()} />}
      {ads.data && <Gallery ads={ads.data.rows} />}
      {ads.data && ads.data.rows.length === limit && limit < MOST && (
        <Button className="mx-auto mt-4 flex" busy={ads.isFetching} onClick={() => setLimit(MOST)}>
          {t("gallery.more")}
        </Button>
      )}
    </section>
  );
}
