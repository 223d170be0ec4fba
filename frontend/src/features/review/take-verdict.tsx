import { Check, CheckCheck, MessageSquarePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ShotView, TakeView } from "@/api";
import { Button } from "@/ui/button";
import { useReview } from "./use-review";

interface TakeVerdictProps {
  shot: ShotView;
  take: TakeView;
  noting: boolean;
  onNote: () => void;
}

/** Confirm, approve, or say what is to change. */
export function TakeVerdict({ shot, take, noting, onNote }: TakeVerdictProps) {
  const { t } = useTranslation();
  const review = useReview(shot);
  const approved = take.review === "approved" && take.confirmed;
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        look="primary"
        icon={<Check />}
        busy={review.confirming}
        why={take.confirmed ? t("review.alreadyConfirmed") : undefined}
        onClick={() => review.confirm(take)}
      >
        {t(take.confirmed ? "review.confirmed" : "review.confirm")}
      </Button>
      <Button
        icon={<CheckCheck />}
        busy={review.approving}
        why={approved ? t("review.alreadyApproved") : undefined}
        onClick={() => review.approve(take)}
      >
        {t("review.approve")}
      </Button>
      <Button icon={<MessageSquarePlus />} aria-expanded={noting} onClick={onNote}>
        {t("review.note")}
      </Button>
    </div>
  );
}
