import { type FormEvent, type ReactNode, useId } from "react";
import { DialogFooter } from "./dialog-footer";
import { Dialog } from "./overlay";
import { Notice } from "./states";

interface FormDialogProps {
  open?: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** What the button that sends it says. */
  submit: string;
  busy: boolean;
  /** What went wrong and is told at no field. */
  trouble?: string | undefined;
  /** `text` gives what stands in the field of that name. */
  onSubmit: (text: (name: string) => string) => void;
  className: string;
  children: ReactNode;
}

/** A form in a dialog: sent with Enter or its button. */
export function FormDialog(props: FormDialogProps) {
  const form = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    props.onSubmit((name) => String(fields.get(name) ?? "").trim());
  };
  return (
    <Dialog
      open={props.open ?? true}
      onClose={props.onClose}
      title={props.title}
      description={props.description}
      footer={
        <DialogFooter
          type="submit"
          form={form}
          busy={props.busy}
          submit={props.submit}
          onCancel={props.onClose}
        />
      }
    >
      <form id={form} onSubmit={submit} noValidate className={props.className}>
        {props.children}
        {props.trouble !== undefined && (
          <div className="col-span-full">
            <Notice tone="bad">{props.trouble}</Notice>
          </div>
        )}
      </form>
    </Dialog>
  );
}
