import type { Texts } from "./text.ts";

/** Korean. */
export const ko: Texts = {
  "error.file_empty": "“{name}” 파일이 비어 있습니다(0바이트). 파일을 확인한 뒤 다시 올려 주세요.",
  "error.file_broken":
    "“{name}” 파일을 열 수 없습니다. 파일이 손상되었거나 일부만 있습니다. 다시 내보내서 올려 주세요.",
  "error.file_encrypted": "“{name}” 파일에 암호가 걸려 있습니다. 암호를 해제한 뒤 다시 올려 주세요.",
  "error.file_scanned":
    "“{name}” 파일에 텍스트가 없습니다. 스캔한 문서인 것 같습니다. 문자 인식(OCR)을 한 뒤 다시 올려 주세요.",
  "error.file_too_large": "“{name}” 파일이 {maxMb}MB보다 큽니다. 나누거나 더 작게 만들어 올려 주세요.",
  "error.file_too_many_tokens":
    "“{name}” 파일이 너무 깁니다. 약 {tokens}토큰이며 한도는 {maxTokens}토큰입니다. 필요한 부분만 올려 주세요.",
  "error.file_too_many_pages":
    "“{name}” 파일은 {pages}쪽이며 한도는 {maxPages}쪽입니다. 나누어서 필요한 부분만 올려 주세요.",
  "error.file_unsupported":
    "“{name}” 파일을 읽을 수 없습니다. {type} 형식은 지원하지 않습니다. PDF, 텍스트, 마크다운, 코드, CSV, 이미지로 올려 주세요.",
  "error.file_download_failed": "채팅에서 “{name}” 파일을 가져오지 못했습니다. 다시 올려 주세요.",
  "error.file_gone": "“{name}” 파일이 더 이상 없습니다. 다시 올려 주세요.",
  "error.file_refused_by_engine":
    "모델 제공자가 “{name}” 파일을 거절했습니다. PDF나 텍스트 같은 다른 형식으로 저장해서 올려 주세요.",
  "error.image_needs_model":
    "모델 없이는 그림을 볼 수 없어 “{name}” 파일은 제외했습니다. 이미지를 쓰려면 OpenAI 키를 추가하세요.",
  "error.too_many_files": "한 번에 {max}개까지만 받을 수 있어 “{name}” 파일은 제외했습니다. 다른 메시지로 올려 주세요.",
  "error.question_empty": "메시지에 질문이 없습니다. 알고 싶은 것을 적어 주세요.",
  "error.question_too_long": "메시지가 너무 깁니다({length}자, 한도 {max}자). 줄이거나 내용을 파일로 첨부해 주세요.",
  "error.context_too_long":
    "이 대화와 문서가 모델이 다룰 수 있는 길이를 넘었습니다. 새 대화를 시작하거나 문서를 줄여서 질문해 주세요.",
  "error.out_of_credit": "OpenAI 계정의 잔액이 없습니다. Docent 운영자에게 충전을 요청한 뒤 다시 질문해 주세요.",
  "error.invalid_key": "OpenAI가 API 키를 거절했습니다. Docent 운영자에게 OPENAI_API_KEY 확인을 요청해 주세요.",
  "error.model_not_available":
    "이 OpenAI 계정에서는 “{model}” 모델을 쓸 수 없습니다. Docent 운영자에게 OPENAI_MODEL 확인을 요청해 주세요.",
  "error.rate_limited": "계정 한도보다 많은 질문이 모델에 몰리고 있습니다. 1분 뒤에 다시 질문해 주세요.",
  "error.engine_unreachable": "지금은 모델에 연결할 수 없습니다. 몇 분 뒤에 다시 질문해 주세요.",
  "error.engine_overloaded": "지금은 모델이 혼잡합니다. 몇 분 뒤에 다시 질문해 주세요.",
  "error.engine_refused":
    "모델 제공자가 이 질문을 거절했습니다({reason}). 다르게 표현해 보거나 Docent 운영자에게 알려 주세요.",
  "error.content_filtered": "모델 제공자의 콘텐츠 필터가 답변을 막았습니다. 질문을 다르게 표현해 주세요.",
  "error.run_deadline": "{seconds}초 안에 답을 얻지 못해 멈췄습니다. 한 번에 묻는 양을 줄여 다시 질문해 주세요.",
  "error.run_failed": "모델이 답하는 도중에 실패했습니다. 다시 질문해 주세요.",
  "error.run_expired": "모델 제공자에게 이 답변이 더 이상 없습니다. 다시 질문해 주세요.",
  "error.cancelled": "멈췄습니다.",
  "error.uploads_off": "질문과 함께 올린 파일만 읽습니다. 알고 싶은 것을 적어 파일과 함께 다시 올려 주세요.",
  "error.storage_full": "Docent의 디스크가 가득 차서 저장하지 못했습니다. Docent 운영자에게 알려 주세요.",
  "error.not_found": "존재하지 않거나 이미 삭제되었습니다.",
  "error.unauthorized": "먼저 로그인해 주세요.",
  "error.forbidden": "여기서는 할 수 없는 일입니다.",
  "error.bad_request": "요청을 이해하지 못했습니다: {reason}.",
  "error.busy": "지금은 Docent가 너무 바빠 받을 수 없습니다. 1분 뒤에 다시 시도해 주세요.",
  "error.stopping": "Docent를 다시 시작하는 중입니다. 몇 초 뒤에 다시 시도해 주세요.",
  "error.internal": "Docent에서 문제가 생겼습니다. 다시 질문해 주세요. 계속되면 Docent 운영자에게 알려 주세요.",
  "turn.queued": "대기 중",
  "turn.queued_behind": "대기 중: 앞에 질문 {position}개",
  "turn.reading": "문서 {count}개 읽는 중",
  "turn.reading_pages": "{name} 읽는 중: {of}쪽 중 {done}쪽",
  "turn.preparing": "{name} 준비 중",
  "turn.thinking": "생각하는 중",
  "turn.searching": "문서에서 찾는 중",
  "turn.writing": "작성하는 중",
  "answer.problems_only": "올리신 파일을 읽지 못했습니다.",
  "answer.cut_length": "_답변이 너무 길어 잘렸습니다. 이어서 써 달라고 말씀해 주세요._",
  "answer.cut_filter": "_모델 제공자의 콘텐츠 필터가 답변을 잘랐습니다._",
  "answer.empty": "모델이 빈 답변을 보냈습니다. 다른 말로 다시 질문해 주세요.",
  "answer.fallback": "지금은 모델에 연결할 수 없지만, 관련 있어 보이는 부분을 찾았습니다.",
  "local.passages": "설정된 모델이 없어 문서에 적힌 내용을 그대로 보여 드립니다.",
  "local.for_part": "“{part}”에 대해:",
  "local.nothing_relevant": "여기 있는 문서에서는 관련 내용을 찾지 못했습니다.",
  "local.no_documents": "아직 문서가 없습니다. 이 채널에 PDF나 텍스트 파일을 올린 뒤 다시 질문해 주세요.",
  "local.part_nothing": "관련 내용을 찾지 못했습니다.",
  "web.sign_in": "로그인",
  "web.sign_in_hint": "Docent 운영자에게 받은 토큰을 입력해 주세요.",
  "web.token": "토큰",
  "web.wrong_token": "토큰이 맞지 않습니다. 확인한 뒤 다시 시도해 주세요.",
  "web.too_many_attempts": "시도 횟수가 너무 많습니다. 1분 뒤에 다시 시도해 주세요.",
  "web.reason_channel": "채널 이름은 글자, 숫자, “-”, “_”, “.”로 1자에서 80자까지입니다",
  "web.reason_id": "“id”는 영문자, 숫자, “-”, “_”로 8자에서 64자까지입니다",
  "web.reason_body": "본문이 온전한 multipart 양식도, “text”가 있는 JSON도 아닙니다",
  "web.reason_no_files": "파일이 없습니다",
};
