import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { listProjectMediaOptions, uploadMediaMutation } from "@/api";
import { Select } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import type { Parameter } from "./request";

interface FileParameterProps {
  ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean };
  project: string;
  parameter: Extract<Parameter, { type: "file" }>;
  value: unknown;
  onChange: (value: unknown) => void;
}

const BROUGHT: Partial<Record<string, string>> = {
  image: "image/png,image/jpeg,image/webp",
  video: "video/mp4,video/quicktime,video/webm,.mkv",
};

/** A file of the project, or a picture or video brought along. */
export function FileParameter({ ids, project, parameter, value, onChange }: FileParameterProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const media =
    useQuery(listProjectMediaOptions({ path: { code: project }, query: { limit: 200 } })).data?.rows ?? [];
  const upload = useMutation({
    ...uploadMediaMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: ({ id }) => onChange(id),
  });
  const fitting = media.filter(({ kind }) => kind === parameter.media);
  const uploaded = upload.data && !fitting.some(({ id }) => id === upload.data.id) ? [upload.data] : [];
  return (
    <span className="flex flex-col gap-1.5">
      <Select
        {...ids}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">{t(parameter.source === null ? "generate.noFile" : "generate.fromShot")}</option>
        {[...uploaded, ...fitting].map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {BROUGHT[parameter.media] && (
        <input
          type="file"
          accept={BROUGHT[parameter.media]}
          aria-label={t(parameter.media === "video" ? "generate.uploadVideo" : "generate.upload")}
          className="text-xs text-soft file:mr-2 file:h-7 file:rounded-md file:border file:border-line file:bg-raised file:px-2 file:text-ink"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) upload.mutate({ path: { code: project }, body: { file } });
          }}
        />
      )}
    </span>
  );
}
