import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, WandSparkles } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type AdRequest,
  type AdStyles,
  type AdView,
  listAdStylesOptions,
  restartAdMutation,
  stopAdMutation,
} from "@/api";
import { AdActions } from "@/features/ads/ad-actions";
import { AD_TONES } from "@/features/ads/ad-status";
import { CutOutNotice } from "@/features/ads/cut-out-notice";
import { type AdForm, againOf, changedIn, changesOf, formOf, lackOf } from "@/features/ads/form";
import { FormPanel } from "@/features/ads/form-panel";
import { HintDialog } from "@/features/ads/hint-dialog";
import { ProgressLine } from "@/features/ads/progress-line";
import { Showing } from "@/features/ads/showing";
import { useAd, usePutAd } from "@/features/ads/use-ad";
import { useDelete } from "@/features/ads/use-delete";
import { Warnings } from "@/features/ads/warnings";
import { useAdTexts } from "@/i18n/ads";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Failed, Loading, Notice, useErrorText } from "@/ui/states";

const route = getRouteApi("/ads/$id");

export function AdPage() {
  const { id } = route.useParams();
  return <Page>{useAdTexts() ? <Ad key={id} id={id} /> : <Loading />}</Page>;
}

function Ad({ id }: { id: string }) {
  const styles = useQuery(listAdStylesOptions());
  const ad = useAd(id);
  for (const asked of [styles, ad])
    if (asked.isError)
      return (
        <>
          <AllAds />
          <Failed error={asked.error} onRetry={() => void asked.refetch()} />
        </>
      );
  return styles.data && ad.data ? <Made ad={ad.data} styles={styles.data} /> : <Loading />;
}

/** An ad while it is made and after: its pictures, and beside them the form it was asked with, to change it. */
function Made({ ad, styles }: { ad: AdView; styles: AdStyles }) {
  const { t } = useTranslation("ads");
  const say = useErrorText();
  const putAd = usePutAd();
  const [edits, setEdits] = useState<Partial<AdForm>>({});
  const [hinting, setHinting] = useState(false);
  const before = formOf(ad, styles);
  const form = { ...before, ...edits };
  const path = { ad_id: ad.id };
  const stop = useMutation({ ...stopAdMutation(), onError: (error) => toast.error(say(error)) });
  const restart = useMutation({ ...restartAdMutation(), onSuccess: putAd });
  const deletion = useDelete(ad);
  const again = (body: AdRequest) => restart.mutateAsync({ path, body });
  const failed = (error: unknown) => void toast.error(say(error));
  const apply = () =>
    again(changesOf(before, form)).then(
      () => setEdits({}),
      () => undefined,
    );
  const photo = before.photo?.url;
  const hint = ad.parameters["hint_image"];
  return (
    <>
      <PageHead
        title={ad.name}
        facts={
          <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-soft">
            <Badge tone={AD_TONES[ad.status]}>{t(`status.${ad.status}`)}</Badge>
            <AllAds />
          </p>
        }
      >
        <AdActions
          ad={ad}
          busy={stop.isPending || restart.isPending || deletion.isPending}
          onStop={() => stop.mutate({ path })}
          onRestart={(body) => void again(body).catch(failed)}
          onDelete={deletion.remove}
        />
      </PageHead>
      <div className="mt-5 grid items-start gap-6 lg:grid-cols-[26rem_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-3 lg:sticky lg:top-16 lg:order-2">
          <ProgressLine ad={ad} />
          <Warnings ad={ad} />
          {photo && <CutOutNotice ad={ad} onHint={() => setHinting(true)} />}
          <Showing ad={ad} styles={styles} />
        </div>
        <FormPanel
          form={form}
          styles={styles}
          error={restart.error}
          onChange={(changed) => setEdits((now) => ({ ...now, ...changed }))}
          onSubmit={() => void apply()}
        >
          <Apply
            before={before}
            form={form}
            styles={styles}
            error={restart.error}
            busy={restart.isPending}
            onReset={() => setEdits({})}
          />
        </FormPanel>
      </div>
      {hinting && photo && (
        <HintDialog
          photoUrl={photo}
          cutOutUrl={ad.shared.find(({ key }) => key === "cut_out")?.picture?.url}
          hintUrl={hint ? `/api/media/${String(hint)}` : undefined}
          busy={restart.isPending}
          onClose={() => setHinting(false)}
          onPainted={(hint_image) => void again({ hint_image }).then(() => setHinting(false), failed)}
        />
      )}
    </>
  );
}

function AllAds() {
  const { t } = useTranslation("ads");
  return (
    <Link to="/ads" className="inline-flex items-center gap-1 hover:text-ink [&_svg]:size-3.5">
      <ArrowLeft aria-hidden />
      {t("all")}
    </Link>
  );
}

function Apply(props: {
  before: AdForm;
  form: AdForm;
  styles: AdStyles;
  error: unknown;
  busy: boolean;
  onReset: () => void;
}) {
  const { t } = useTranslation("ads");
  const say = useErrorText();
  const { before, form, styles } = props;
  const lack = lackOf(form, styles.text_limit, before.photo !== undefined);
  const again = againOf(changedIn(before, form));
  const why = lack ? t(`lack.${lack}`) : again === undefined ? t("again.nothing") : undefined;
  return (
    <>
      {props.error !== null && <Notice tone="bad">{say(props.error)}</Notice>}
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          icon={<WandSparkles />}
          busy={props.busy}
          why={why}
          className="h-10! flex-1 text-sm!"
        >
          {t("act.apply")}
        </Button>
        {again && (
          <Button className="h-10!" onClick={props.onReset}>
            {t("act.reset")}
          </Button>
        )}
      </div>
      <p role="status" className="text-center text-xs text-faint">
        {why ?? (again && t(`again.${again}`))}
      </p>
    </>
  );
}
