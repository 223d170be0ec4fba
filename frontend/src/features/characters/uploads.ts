import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { listLoraFilesQueryKey, uploadLora, uploadMedia } from "@/api";
import { useErrorText } from "@/ui/states";
import { sorted, withPictures } from "./sheet";
import type { Writes } from "./writes";

/** Brings files to a character: pictures to its sheet, weights to its LoRA. */
export function useUploads(project: string, writes: Writes) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const [sending, setSending] = useState(0);
  const path = { code: project };

  /** One after another, so that they stand in the order in which they were given. */
  const addPictures = async (pictures: readonly File[], behind?: string) => {
    setSending((count) => count + pictures.length);
    for (const file of pictures) {
      try {
        const { id } = (await uploadMedia({ path, body: { file }, throwOnError: true })).data;
        await writes.character((now) => ({
          reference_sheet: withPictures(now.reference_sheet, [id], behind),
        }));
      } catch (error) {
        toast.error(say(error), { description: file.name });
      } finally {
        setSending((count) => count - 1);
      }
    }
  };

  const lora = useMutation({
    mutationFn: async (file: File) => {
      const { name } = (await uploadLora({ path, body: { file }, throwOnError: true })).data;
      await client.invalidateQueries({ queryKey: listLoraFilesQueryKey({ path }) });
      await writes.character(() => ({ lora_file: name }));
      return name;
    },
    onSuccess: (name) => toast.success(t("characters.weights.uploaded", { name })),
    onError: (error) => toast.error(say(error)),
  });

  const take = (files: readonly File[]) => {
    const { pictures, loras, others } = sorted(files);
    for (const { name } of others) toast.error(t("characters.sheet.notTaken", { name }));
    if (pictures.length > 0) void addPictures(pictures);
    const [weights] = loras;
    if (weights) lora.mutate(weights);
  };
  return { sending, addPictures, take, uploadLora: lora.mutate, sendingLora: lora.isPending };
}
