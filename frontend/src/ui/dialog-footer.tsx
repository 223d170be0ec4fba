import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";

interface DialogFooterProps extends Omit<ComponentProps<typeof Button>, "children"> {
  /** What the button that does it says. */
  submit: string;
  onCancel: () => void;
  /** Before the buttons. */
  children?: ReactNode;
}

/** Cancel, and do what the dialog is for. */
export function DialogFooter({ submit, onCancel, children, ...button }: DialogFooterProps) {
  const { t } = useTranslation();
  return (
    <>
      {children}
      <Button look="quiet" onClick={onCancel}>
        {t("action.cancel")}
      </Button>
      <Button look="primary" {...button}>
        {submit}
      </Button>
    </>
  );
}
