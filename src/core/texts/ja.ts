import type { PageTexts, SearchWords, Texts } from "./language.ts";

/** Japanese, with a space between letters and numbers, as Slack and `Intl` write it. */
export const texts: Texts = {
  "error.file_empty":
    "「{name}」は空のファイルです（0 バイト）。ファイルを確認してから、もう一度アップロードしてください。",
  "error.file_broken":
    "「{name}」を開けません。ファイルが破損しているか、一部が欠けています。もう一度書き出してからアップロードしてください。",
  "error.file_encrypted":
    "「{name}」はパスワードで保護されています。パスワードを解除してから、もう一度アップロードしてください。",
  "error.file_scanned":
    "「{name}」にはテキストが含まれていません。スキャンした文書のようです。文字認識（OCR）をかけてから、もう一度アップロードしてください。",
  "error.file_too_large":
    "「{name}」は {maxMb:megabyte} を超えています。分割するか、サイズを小さくしてアップロードしてください。",
  "error.file_too_many_tokens":
    "「{name}」は長すぎます（約 {tokens} トークン、上限は {maxTokens} トークン）。必要な部分だけをアップロードしてください。",
  "error.file_too_many_pages":
    "「{name}」は {pages} ページあり、上限の {maxPages} ページを超えています。分割して、必要な部分をアップロードしてください。",
  "error.file_unsupported":
    "「{name}」を読み込めません。{type} 形式には対応していません。PDF、Office ファイル、テキスト、CSV、Web ページ、画像、ZIP、tar のいずれかでアップロードしてください。",
  "error.file_download_failed": "チャットから「{name}」を取得できませんでした。もう一度アップロードしてください。",
  "error.file_forbidden":
    "「{name}」を取得する権限がありません。このワークスペースの Docent には {permission} の権限がありません。Docent の管理者に権限の追加を依頼し、その後もう一度アップロードしてください。",
  "error.file_gone": "「{name}」は存在しなくなりました。もう一度アップロードしてください。",
  "error.file_removed": "「{name}」は読み終える前に削除されたため、このファイルなしで続けました。",
  "error.file_refused_by_engine":
    "モデルの提供元が「{name}」を受け付けませんでした。PDF やテキストなど、別の形式で保存してアップロードしてください。",
  "error.file_bomb":
    "「{name}」は、展開するとファイルサイズに見合わないほど大きくなるため、読み込みを中止しました。意図したファイルであれば、必要なファイルだけを個別にアップロードしてください。",
  "error.file_too_many_inside":
    "「{name}」には {max} 個を超えるファイルが入っています。必要なファイルだけをアップロードするか、ファイル数を減らして圧縮し直してください。",
  "error.file_nested_too_deep":
    "「{name}」は何重にも圧縮されているため、読み込みませんでした。展開してから、必要なファイルをアップロードしてください。",
  "error.file_nothing_inside":
    "「{name}」の中に読み込めるファイルがありません。必要なファイルを直接アップロードしてください。",
  "error.file_partly_read":
    "「{name}」の中の {count} 個のファイルは対応していない形式のため、除外しました。残りは読み込みました。",
  "error.image_needs_model":
    "モデルがないと画像を見ることができないため、「{name}」を除外しました。画像を使うには OpenAI のキーを追加してください。",
  "error.too_many_files":
    "一度に受け取れるファイルは {max} 個までのため、「{name}」を除外しました。別のメッセージでアップロードしてください。",
  "error.question_empty": "メッセージに質問がありません。知りたいことを書いてください。",
  "error.question_too_long":
    "メッセージが長すぎます（{length} 文字、上限は {max} 文字）。短くするか、本文をファイルとして添付してください。",
  "error.context_too_long":
    "この会話とドキュメントは、モデルが扱える長さを超えています。新しい会話を始めるか、ドキュメントを減らして質問してください。",
  "error.scan_costs":
    "「{name}」はスキャンした文書です。{pages} ページにテキストがないため、モデルがページを画像として見る必要があります。この回答に約 {tokens} トークン（{cost:usd}）かかり、この会話にファイルが残っている間は回答のたびに同じだけかかります。続けるには、同じ質問をもう一度送ってください。",
  "error.budget_used_up": "{reason}お急ぎの場合は、Docent の管理者に予算の追加を依頼してください。",
  "error.out_of_credit":
    "OpenAI アカウントの残高がありません。Docent の管理者に残高の追加を依頼してから、もう一度質問してください。",
  "error.invalid_key":
    "OpenAI が API キーを受け付けませんでした。Docent の管理者に OPENAI_API_KEY の確認を依頼してください。",
  "error.model_not_available":
    "この OpenAI アカウントではモデル「{model}」を利用できません。Docent の管理者に OPENAI_MODEL の確認を依頼してください。",
  "error.rate_limited":
    "アカウントの上限を超える数の質問がモデルに送られています。1 分ほど待ってから、もう一度質問してください。",
  "error.engine_unreachable": "現在、モデルに接続できません。数分待ってから、もう一度質問してください。",
  "error.engine_overloaded": "現在、モデルが混み合っています。数分待ってから、もう一度質問してください。",
  "error.engine_refused":
    "モデルの提供元がこの質問を受け付けませんでした（{reason}）。表現を変えて質問するか、Docent の管理者に知らせてください。",
  "error.engine_incomplete":
    "Docent が回答を求めるサーバーに、必要な機能がありません。Docent の管理者に「npm run doctor」の実行を依頼してください。",
  "error.content_filtered":
    "モデルの提供元のコンテンツフィルターにより、回答が停止されました。表現を変えて質問してください。",
  "error.run_deadline":
    "{seconds:second}以内に回答が得られなかったため、停止しました。一度に尋ねる内容を減らして、もう一度質問してください。",
  "error.run_failed": "モデルが回答の途中で失敗しました。もう一度質問してください。",
  "error.run_expired": "モデルの提供元に、この回答はもう残っていません。もう一度質問してください。",
  "error.cancelled": "停止しました。",
  "error.uploads_off":
    "質問と一緒にアップロードされたファイルだけを読み込みます。知りたいことを書き添えて、もう一度アップロードしてください。",
  "error.platform_unreachable": "チャットに接続できませんでした。接続できるまで再試行します。",
  "error.storage_full": "Docent のディスクがいっぱいのため、保存できませんでした。Docent の管理者に知らせてください。",
  "error.not_found": "存在しないか、すでに削除されています。",
  "error.unauthorized": "先にサインインしてください。",
  "error.forbidden": "ここからは、その操作を行えません。",
  "error.bad_request": "リクエストを理解できませんでした: {reason}。",
  "error.busy": "Docent が混み合っているため、受け付けられません。1 分ほど待ってから、もう一度お試しください。",
  "error.stopping": "Docent を再起動しています。数秒待ってから、もう一度お試しください。",
  "error.internal":
    "Docent で問題が発生しました。もう一度質問してください。繰り返し発生する場合は、Docent の管理者に知らせてください。",
  "turn.queued": "待機中",
  "turn.queued_behind": "待機中: 前に {position} 件の質問があります",
  "turn.reading": "{count} 件のドキュメントを読み込み中",
  "turn.reading_pages": "{name} を読み込み中: {done}/{of} ページ",
  "turn.preparing": "{name} を準備中",
  "turn.thinking": "考え中",
  "turn.searching": "ドキュメントを検索中",
  "turn.writing": "回答を作成中",
  "answer.problems_only":
    "アップロードされたファイルを使えないため、ほかのドキュメントからは回答していません。ほかのドキュメントについては、ファイルを付けずに質問してください。",
  "answer.cut_length": "_回答が長くなりすぎたため、途中で切れました。続きが必要な場合はお知らせください。_",
  "answer.cut_filter": "_モデルの提供元のコンテンツフィルターにより、回答が途中で切れました。_",
  "answer.empty": "モデルの回答が空でした。別の言葉でもう一度質問してください。",
  "answer.source_deleted":
    "回答中に「{name}」が削除されました。回答に引用が含まれる可能性があるため、投稿しません。もう一度質問してください。",
  "answer.fallback": "その間に、ドキュメントから関連のありそうな箇所をお見せします。",
  "budget.all": "すべての質問の今日の予算",
  "budget.channel": "このチャンネルの今日の予算",
  "budget.user": "あなたの今日の予算",
  "budget.used_up": "{budget}（{limit}）を使い切ったため、モデルに質問できません。",
  "budget.too_little":
    "{budget}は {limit} のうち残り {left} で、この質問（約 {estimate}）には足りないため、モデルに質問しませんでした。",
  "budget.zero": "{budget}が {limit} のため、モデルに質問できません。",
  "budget.renews": "予算は {time} に更新されます。",
  "budget.with_renewal": "{sentence}{renewal}",
  "budget.now_used_up": "この回答で{budget}を使い切りました（{limit} のうち {spent}）。",
  "budget.nearly": "{budget}の残りがわずかです（{limit} のうち {spent} を使用）。",
  "command.help":
    "メンションを付けて質問するか、ダイレクトメッセージを送ってください。このチャンネルのドキュメントとチームのナレッジをもとに、ページを示して回答します。\n\n- 質問に PDF、Office ファイル、テキスト、画像、圧縮ファイルを添付するか、先にチャンネルへアップロードしておき、後から質問してください。\n- `/docent ask` – 質問する\n- `/docent docs` – このチャンネルのドキュメントの一覧と削除\n- `/docent knowledge` – チームのナレッジの一覧、追加、削除\n- `/docent new` – 新しい会話を始める（ドキュメントは残ります）\n- `/docent forget` – このチャンネルに関するすべてを削除する\n- `/docent usage` – トークン、費用、予算の残り\n- `/docent help` – このヘルプ",
  "command.docs.none":
    "このチャンネルにはまだドキュメントがありません。PDF やテキストファイルをアップロードして質問してください。",
  "command.docs.title": "このチャンネルのドキュメント（{count} 件）:",
  "command.docs.pages": "{pages} ページ",
  "command.docs.noted": "確認済み、質問があれば読み込みます",
  "command.docs.reading": "読み込み中",
  "command.docs.ready": "利用可能",
  "command.docs.older": "新しいファイルに置き換え済み",
  "command.docs.failed": "利用できません",
  "command.knowledge.none":
    "チームのナレッジはまだありません。ファイル付きメッセージのメニューから「チームのナレッジに追加（Add to team knowledge）」を選んでください。",
  "command.knowledge.title": "どのチャンネルからでも質問できる、チームのナレッジ（{count} 件）:",
  "command.knowledge.add":
    "ファイルをアップロードしてから、そのメッセージのメニューで「チームのナレッジに追加（Add to team knowledge）」を選んでください。",
  "command.knowledge.added":
    "チームのナレッジに追加する {count} 件のドキュメントを読み込んでいます。進み具合は `/docent knowledge` で確認できます。",
  "command.knowledge.forbidden": "チームのナレッジを変更できるのは、管理者とナレッジの編集者だけです。",
  "command.knowledge.shared":
    "ゲストの質問や、ほかの組織と共有しているチャンネルでは、チームのナレッジを使用しません。",
  "command.remove.unknown": "「{name}」というドキュメントは見つかりません。`/docent docs` で一覧を確認できます。",
  "command.remove.forbidden": "「{name}」を削除できるのは、アップロードした人か管理者だけです。",
  "command.remove.sure": "「{name}」を完全に削除しますか？すべての場所から削除し、今後の回答には使いません。",
  "command.remove.button": "{name} を削除",
  "command.remove.done": "「{name}」を、モデルの提供元に保存した分も含めて削除しました。",
  "command.new.done": "新しい会話を始めます。ここまでの会話の内容は忘れますが、ドキュメントは残ります。",
  "command.delayed": "リクエストを記録しました。完了するまで再試行します。現在の問題: {reason}",
  "command.forget.forbidden": "チャンネルの記録を削除できるのは、このチャンネルを管理している人だけです。",
  "command.forget.sure":
    "このチャンネルに関するすべてを削除しますか？ドキュメント、会話、保存した質問と回答を、モデルの提供元に保存した分も含めて削除します。チャットのメッセージ自体は残ります。",
  "command.forget.button": "このチャンネルの記録を削除",
  "command.forget.done": "削除しました: ドキュメント {documents} 件、会話 {conversations} 件、質問 {messages} 件。",
  "command.usage.title": "このチャンネル",
  "command.usage.today": "今日: 質問 {questions} 件、入力 {inputTokens} トークン、出力 {outputTokens} トークン、{cost}",
  "command.usage.month":
    "30 日間: 質問 {questions} 件、入力 {inputTokens} トークン、出力 {outputTokens} トークン、{cost}",
  "command.usage.group": "{name}: 質問 {questions} 件、{cost}",
  "command.usage.more": "続きは Web ページにあります",
  "command.usage.storage":
    "OpenAI に保存したドキュメント: {documents} 件、1 日あたり約 {cost}（全ドキュメントの合計で最初の {free:gigabyte} は無料）",
  "command.usage.budgets": "予算",
  "command.usage.budget": "{budget}: {limit} のうち残り {left}",
  "command.usage.renew": "予算は {time} に更新されます。",
  "command.usage.by_channel": "チャンネル別（30 日間）",
  "command.usage.by_user": "メンバー別（30 日間）",
  "local.passages": "モデルが設定されていないため、ドキュメントの記載をそのままお見せします。",
  "local.for_part": "「{part}」について:",
  "local.nothing_relevant": "ここにあるドキュメントには、関連する内容が見つかりませんでした。",
  "local.looked_in": "検索対象: {names}。",
  "local.looked_in_more": "ほか {more} 件",
  "local.unseen": "モデルがないと画像やスキャンは見られないため、{names} は対象外です。",
  "local.by_words":
    "モデルがない場合は単語をそのまま検索するため、ドキュメントにある言葉で質問すると見つかりやすくなります。",
  "local.other_script":
    "モデルが設定されていないため、単語をそのまま検索しています。ドキュメントと同じ言語で質問してください。",
  "local.no_documents":
    "ここにはまだ参照できるドキュメントがありません。このチャンネルに PDF やテキストファイルをアップロードしてから、もう一度質問してください。招待される前にアップロードされたファイルは見られないため、もう一度アップロードしてください。",
  "local.part_nothing": "関連する内容は見つかりませんでした。",
  "local.no_summary": "要約にはモデルが必要で、今は引用しかできません。文書の冒頭は次のとおりです。",
  "web.sign_in": "サインイン",
  "web.sign_in_hint": "Docent の管理者から受け取ったトークンを入力してください。",
  "web.token": "トークン",
  "web.wrong_token": "トークンが正しくありません。確認してから、もう一度お試しください。",
  "web.too_many_attempts": "試行回数が多すぎます。1 分ほど待ってから、もう一度お試しください。",
  "web.too_many_requests": "リクエストが多すぎます。1分後にもう一度お試しください。",
  "web.wrong_method": "このアドレスでは{method}リクエストを受け付けていません。",
  "web.nothing_here": "ここには何もありません。",
  "web.quoted_deleted": "_この回答は、削除された「{name}」を引用していました。_",
  "web.reason_channel": "チャンネル名には、文字、数字、「-」「_」「.」を 1～80 文字で使えます",
  "web.reason_id": "「id」は、英字、数字、「-」「_」で 8～64 文字です",
  "web.reason_body": "本文が、完全な multipart フォームでも、「text」を含む JSON でもありません",
  "web.reason_days": "「days」は 1 から 366 までの整数です",
  "web.reason_no_files": "ファイルが含まれていません",
  "place.in_document": "{name}、{place}",
  "place.page": "{number} ページ",
  "place.line": "{number} 行目",
  "place.slide": "スライド {number}",
  "place.sheet": "シート {number}",
  "place.sheet_named": "シート「{title}」",
  "place.section": "セクション {number}",
  "place.section_named": "セクション「{title}」",
  "slack.summarise": "この内容を要約してください。",
  "slack.sources": "出典",
  "slack.helpful": "役に立った",
  "slack.not_helpful": "役に立たなかった",
  "slack.retry": "もう一度試す",
  "slack.stop": "停止",
  "slack.working": "質問に回答しています。",
  "slack.stopping": "停止しています。",
  "slack.too_late": "すでに終了しているため、できることはありません。",
  "slack.feedback_thanks": "フィードバックをありがとうございます。",
  "slack.asks": "**{name}** さんの質問:",
  "slack.invite_first":
    "このチャンネルに参加していないため、ここでは回答できません。「/invite @docent」で招待してから、もう一度質問してください。",
  "slack.modal_title": "Docent に質問",
  "slack.modal_submit": "質問する",
  "slack.modal_close": "キャンセル",
  "slack.modal_label": "このメッセージについての質問",
  "slack.modal_hint": "空欄のままにすると要約します。",
  "slack.modal_failed":
    "Slack の応答に時間がかかりすぎました。ショートカット「Ask Docent about this」をもう一度選んでください。",
  "slack.knowledge_no_files": "そのメッセージにはファイルがありません。ファイル付きのメッセージを選んでください。",
  "discord.stop": "停止",
  "discord.helpful": "役に立った",
  "discord.not_helpful": "役に立たなかった",
  "discord.retry": "もう一度試す",
  "discord.thanks": "フィードバックをありがとうございます！",
  "discord.sorry":
    "フィードバックをありがとうございます。より詳しく尋ねるか、適切なドキュメントを添えて質問すると、改善することがよくあります。",
  "discord.button_gone": "すでに終了しているか、古くなったボタンです。",
  "discord.asked": "**{name}** さんの質問: {question}",
  "discord.asked_about": "{link} についての **{name}** さんの質問: {question}",
  "discord.modal_title": "このメッセージについて Docent に質問",
  "discord.modal_question": "質問",
  "discord.no_files": "そのメッセージにはファイルがありません。",
  "discord.cannot_read":
    "ここでは、私へのメンションがないメッセージは Discord が見せてくれないため、読めません。メンションを付けるか、メッセージのメニューから「アプリ → Docent に質問」を使ってください。",
  "discord.help_no_content":
    "**ここで見えないもの:** 私へのメンションがないメッセージ、メンションなしでアップロードされたファイル、スレッドでの続きの質問。そのようなメッセージには「アプリ → Docent に質問」を使ってください。Docent の管理者が Discord Developer Portal → Bot → Message Content Intent をオンにして Docent を再起動すると、見えるようになります。",
  "discord.command": "ドキュメントについて質問する",
  "discord.command_ask": "このチャンネルのドキュメントについて質問する",
  "discord.command_docs": "このチャンネルのドキュメントを一覧表示、または 1 件削除する",
  "discord.command_knowledge": "このサーバーのすべてのチャンネルで使えるドキュメント",
  "discord.command_knowledge_list": "チームのドキュメントを一覧表示する",
  "discord.command_knowledge_add": "チーム全体で使うドキュメントを追加する",
  "discord.command_knowledge_remove": "チームのドキュメントを削除する",
  "discord.command_new": "新しい会話を始める（ドキュメントは残ります）",
  "discord.command_forget": "Docent が持つこのチャンネルの記録をすべて削除する",
  "discord.command_usage": "トークン、費用、予算を表示する",
  "discord.command_help": "Docent にできることを表示する",
  "discord.option_question": "知りたいこと",
  "discord.option_file": "質問に関するドキュメント",
  "discord.option_knowledge_file": "追加するドキュメント",
  "discord.option_remove_document": "削除するドキュメントの名前",
  "discord.message_command_ask": "Docent に質問",
  "discord.message_command_knowledge": "チームのナレッジに追加",
  "setup.openai.about": "文章で回答します。キーがない場合は、このコンピューターで見つけた引用で回答します。",
  "setup.openai.key":
    "OpenAI の **API keys** を開き、**Create new secret key** をクリックしてキーをコピーしてください。",
  "setup.openai.good": "キーを使用できます。",
  "setup.openai.model_good": "モデル {model} を利用できます。",
  "setup.openai.refused":
    "OpenAI がこのキーを受け付けませんでした。もう一度コピーするか、新しいキーを作成してください。",
  "setup.openai.not_its_own":
    "これは {service} のトークンなので、OpenAI には送信していません。OpenAI の **API keys** からキーをコピーしてください。",
  "setup.openai.no_model": "このキーではモデル {model} を利用できません。利用できるモデル: {models}。",
  "setup.openai.no_credit":
    "OpenAI アカウントの残高がないか、上限を超えています。OpenAI で残高を追加するか、上限を引き上げてください。それまでは引用で回答します。",
  "setup.openai.failed": "OpenAI でキーを確認できませんでした（{reason}）。しばらくしてから、もう一度お試しください。",
  "setup.slack.about": "チャンネル、スレッド、ダイレクトメッセージで回答します。公開されたアドレスは必要ありません。",
  "setup.slack.create":
    "**Docent のマニフェストから Slack アプリを作成**し、ワークスペースを選んで **Next**、**Create** の順にクリックしてください。",
  "setup.slack.create_by_hand":
    "**api.slack.com/apps** で **Create New App → From a manifest** をクリックし、ワークスペースを選んで slack-manifest.json の内容を貼り付けてください。",
  "setup.slack.install":
    "**Install App → Install to Workspace** をクリックし、**OAuth & Permissions** の **Bot User OAuth Token** をコピーしてください。",
  "setup.slack.app_token":
    "**Basic Information → App-Level Tokens** でスコープ **connections:write** のトークンを作成し、コピーしてください。",
  "setup.slack.invite": "最後に、チャンネルに招待してください: **/invite @docent**",
  "setup.slack.good": "ワークスペース {workspace} で @{bot} として利用できます。",
  "setup.slack.app_good": "Socket Mode を利用できます。",
  "setup.slack.refused":
    "Slack がこのトークンを受け付けませんでした。**OAuth & Permissions** からもう一度コピーしてください。",
  "setup.slack.inactive":
    "アプリがワークスペースから削除されたか、トークンが取り消されました。**OAuth & Permissions** で再インストールし、新しいトークンをコピーしてください。",
  "setup.slack.scopes":
    "アプリに次のスコープがありません: {scopes}。**OAuth & Permissions → Scopes** で追加し、**Reinstall to Workspace** をクリックしてから、もう一度確認してください。",
  "setup.slack.optional_scopes":
    "ワークスペース {workspace} で @{bot} として利用できますが、アプリに次のスコープがありません: {scopes}。すべての機能を使うには、**OAuth & Permissions → Scopes** で追加し、**Reinstall to Workspace** をクリックしてください。",
  "setup.slack.bot_prefix":
    "ボットのトークンは xoxb- で始まります。**OAuth & Permissions** の **Bot User OAuth Token** をコピーしてください。",
  "setup.slack.app_prefix":
    "アプリレベルトークンは xapp- で始まります。**Basic Information → App-Level Tokens** からコピーしてください。",
  "setup.slack.swapped":
    "2 つのトークンが逆です。ボットのトークン（xoxb-）の欄にアプリレベルトークン（xapp-）が入っています。入れ替えてください。",
  "setup.slack.bot_is_app":
    "これはアプリレベルトークンです。ボットのトークンは xoxb- で始まります。**OAuth & Permissions** の **Bot User OAuth Token** をコピーしてください。",
  "setup.slack.app_is_bot":
    "これはボットのトークンです。アプリレベルトークンは xapp- で始まります。**Basic Information → App-Level Tokens** からコピーしてください。",
  "setup.slack.rotates":
    "トークンローテーションを使うアプリのトークンで、12 時間で期限が切れます。Docent は更新しません。ローテーションはあとからオフにできないため、マニフェストから新しいアプリを作成してください。",
  "setup.slack.app_refused":
    "Slack がこのトークンを受け付けませんでした。**Basic Information → App-Level Tokens** からもう一度コピーしてください。",
  "setup.slack.app_scope":
    "トークンにスコープ **connections:write** がありません。**Basic Information → App-Level Tokens** で新しく作成してください。",
  "setup.slack.socket_off":
    "Socket Mode がオフです。**Socket Mode** で **Enable Socket Mode** をオンにしてから、もう一度確認してください。",
  "setup.slack.other_app":
    "このトークンはアプリ {app}、ボットのトークンは {bot} のもので、書き込みが届きません。両方を同じアプリからコピーしてください。",
  "setup.slack.no_socket":
    "Slack はこのトークンを受け付けましたが、ここから *.slack.com への WebSocket を開けませんでした。このコンピューターのファイアウォールとプロキシを確認してください。",
  "setup.slack.failed":
    "Slack でトークンを確認できませんでした（{reason}）。しばらくしてから、もう一度お試しください。",
  "setup.slack.next": "次の手順: チャンネルで **/invite @docent** と入力し、そこでメンションしてください。",
  "setup.slack.next_after_restart":
    "次の手順: Docent を再起動し、チャンネルで **/invite @docent** と入力して、そこでメンションしてください。",
  "setup.discord.about": "サーバー、スレッド、ダイレクトメッセージで回答します。",
  "setup.discord.create":
    "**Developer Portal** を開いて **New Application** をクリックし、**Bot → Reset Token** をクリックしてトークンをコピーしてください。",
  "setup.discord.intent":
    "同じページで **Message Content Intent** をオンにしてください。オフの場合、Docent に見えるのは Docent へのメンションだけです。",
  "setup.discord.add": "トークンが確認されると表示されるリンクを開き、サーバーを選んでください。",
  "setup.discord.good": "{bot} として利用できます。",
  "setup.discord.no_content":
    "{bot} として利用できますが、このボットに見えるのは自身へのメンションだけです。変更するには、Developer Portal の **Bot** で **Message Content Intent** をオンにしてください。",
  "setup.discord.invite": "{bot} をサーバーに追加",
  "setup.discord.refused":
    "Discord がこのトークンを受け付けませんでした。Developer Portal の **Bot → Reset Token** で新しいトークンを取得してください。",
  "setup.discord.shape":
    "ボットのトークンは、ドットで区切られた 3 つの部分からなります。**Bot → Reset Token** からコピーしてください。アプリケーションの ID、公開鍵、シークレットとは別のものです。",
  "setup.discord.failed":
    "Discord でトークンを確認できませんでした（{reason}）。しばらくしてから、もう一度お試しください。",
  "setup.discord.next": "次の手順: 上のリンクからサーバーに追加し、そこでメンションしてください。",
  "setup.discord.next_after_restart":
    "次の手順: Docent を再起動し、上のリンクからサーバーに追加して、そこでメンションしてください。",
  "setup.unreachable":
    "{service} に接続できません。このコンピューターのネットワークを確認してから、もう一度お試しください。",
  "setup.field.OPENAI_API_KEY": "API キー",
  "setup.field.OPENAI_MODEL": "モデル",
  "setup.field.SLACK_BOT_TOKEN": "ボットのトークン（Bot User OAuth Token、xoxb-…）",
  "setup.field.SLACK_APP_TOKEN": "アプリレベルトークン（xapp-…）",
  "setup.field.DISCORD_TOKEN": "ボットのトークン",
  "setup.odd": "空白、またはトークンに使われない文字が含まれています。もう一度コピーしてください。",
  "setup.incomplete": "まだ入力されていません: {fields}。",
  "setup.nothing": "新しく保存するものはありません。",
  "setup.shadowed":
    "Docent を起動した環境で設定されている値が .env より優先されます: {names}。その環境で変更してください。",
  "setup.settings": "この設定では Docent が起動しません: {reason}",
  "setup.not_written":
    ".env に書き込めませんでした（{reason}）。Docent のユーザーが書き込めるファイルにするか、値を直接入力してください。",
  "setup.saved": ".env に保存しました。",
  "setup.not_saved": "何も保存していません。",
  "setup.only_here":
    "セットアップは、Docent を実行しているコンピューターのブラウザーで、WEB_TOKEN を設定していないときにのみ行えます。そのコンピューターのターミナルで npm run setup を実行しても行えます。",
  "setup.body": "本文が、「service」と「values」を含む JSON ではありません",
  "setup.terminal.begin":
    "キーとトークンを 1 つずつ確認してから .env に保存します。入力した内容は表示されません。何も入力せずに Enter を押すと省略します。",
  "setup.terminal.connected": "確認済み。何も入力せずに Enter を押すと変更しません",
  "setup.terminal.missing": "未設定",
  "setup.terminal.broken": "設定されていますが、動作していません",
  "setup.terminal.checking": "確認しています …",
  "setup.terminal.keep": "Enter で変更しない",
  "setup.terminal.end": "準備ができました。Docent を起動、または再起動してください: npm start",
  "setup.terminal.unchanged": "何も変更していません。",
  "doctor.not_understood": "doctor が解釈できない応答が返ったため({reason})、この部分の残りは確認できませんでした。",
  "doctor.not_understood_remedy":
    "この部分のアドレスを設定している場合はそのアドレスと、このマシンのプロキシを確認してください。どちらも正しい場合は、問題として報告してください。",
  "doctor.late": "doctor の確認が終わったあとで、接続の 1 つが失敗しました ({reason})。",
  "doctor.unreachable": "{service} に接続できません: {address}",
  "doctor.unreachable_remedy":
    "このコンピューターのネットワーク、ファイアウォール、プロキシを確認し、{variable} を設定している場合はその値も確認してください。",
  "doctor.connection.untrusted":
    "{address} で {service} が示した証明書を Docent は信頼できません ({code})。多くは、通信を検査するプロキシの証明書です。",
  "doctor.connection.untrusted_remedy":
    "Docent を起動する環境で (.env ではなく) NODE_EXTRA_CA_CERTS=FILE を設定してください。FILE は会社またはサーバーのルート証明書 (PEM) です。このコンピューターがすでに信頼している場合は、NODE_USE_SYSTEM_CA=1 で使えます。",
  "doctor.connection.out_of_date": "{address} の {service} の証明書は、現在有効期間外です ({code})。",
  "doctor.connection.out_of_date_remedy":
    "このコンピューターの時計を確認してください。Linux では timedatectl です。正しい場合は、サーバー側で証明書の更新が必要です。",
  "doctor.connection.other_name": "{address} で {service} が示した証明書は、別の名前のものです。",
  "doctor.connection.other_name_remedy":
    "{variable} を証明書の名前に合わせてください。未設定の場合は、ネットワークのプロキシかログインページが応答しています。",
  "doctor.connection.no_tls": "{address} で {service} として応答するサーバーは、そこでは TLS に対応していません。",
  "doctor.connection.no_tls_remedy":
    "{variable} の https:// を http:// に変えるか、TLS 用のポートを指定してください。未設定の場合は、このコンピューターのプロキシを確認してください。",
  "doctor.connection.no_name": "{service} に接続できません。名前が見つかりません ({code}): {address}",
  "doctor.connection.no_name_remedy":
    "{variable} を設定している場合はその名前を確認し、このコンピューターで名前解決ができるかを nslookup で確かめてください。",
  "doctor.connection.circle": "{service} に接続できません。ログインページのように、転送が終わりなく続きます: {address}",
  "doctor.settings_first": "設定を直すまで確認できません。",
  "doctor.setup_remedy": "設定するには: npm run setup -- {service}",
  "doctor.no_problems": "問題はありません。警告 {warnings} 件、未確認 {skipped} 件。",
  "doctor.problems": "問題 {problems} 件、警告 {warnings} 件、未確認 {skipped} 件。→ の行に対処方法があります。",
  "doctor.node.ok": "Node {version} を使用しています。",
  "doctor.node.old": "Node {version} は古すぎます。Docent には {least} 以降が必要です。",
  "doctor.node.remedy":
    "nodejs.org から Node {least} 以降をインストールするか、このフォルダーで npm ci を実行してください。適切なバージョンが入ります。",
  "doctor.release": "Docent {version} です。まだどのレジストリにもないため、新しい版の有無は確認できません。",
  "doctor.clock_ok": "時計は {server} と一致しています。",
  "doctor.clock_ahead": "このコンピューターの時計が {server} より {seconds:second}進んでいます。",
  "doctor.clock_behind": "このコンピューターの時計が {server} より {seconds:second}遅れています。",
  "doctor.clock_remedy":
    "このコンピューターの時計をタイムサーバーに合わせてください。Linux では「timedatectl set-ntp true」、それ以外では「時刻を自動的に設定」をオンにします。",
  "doctor.clock_nobody": "時刻を知らせるサーバーがなかったため、時計は比較していません。",
  "doctor.config.ok": "設定は正しく、{count} 件が指定されています。",
  "doctor.config.problem": "Docent は起動できません: {problem}",
  "doctor.config.file_remedy": ".env の {names} を直し、Docent を再起動してください。",
  "doctor.config.environment_remedy": "Docent を起動する環境変数または .env の {names} を直し、再起動してください。",
  "doctor.config.add_remedy":
    "そのとおりにしてください。.env に {missing} を追加するか、{names} を削除して、Docent を再起動してください。",
  "doctor.config.unreadable": ".env を読み取れません。",
  "doctor.config.unreadable_remedy":
    ".env をこのユーザーが読めるテキストファイルにしてください。所有者をこのユーザーにし、chmod 600 .env を実行します。",
  "doctor.config.wide": ".env の文字コードが UTF-16 のため、内容をまったく読み取れません。",
  "doctor.config.wide_remedy":
    ".env を UTF-8 で保存してください。PowerShell では (Get-Content .env) | Set-Content -Encoding utf8 .env です。その後、npm run doctor をもう一度実行してください。",
  "doctor.config.open": "このコンピューターの他のユーザーが、キーの入った .env を読めます。",
  "doctor.config.open_remedy": "次を実行してください: chmod 600 .env",
  "doctor.config.unknown": ".env の {name} は Docent が読まない設定です。",
  "doctor.config.unknown_remedy": "{name} を削除するか、.env.example で正しい名前を確認してください。",
  "doctor.config.mistyped_remedy": ".env で {name} を {meant} に変更してください。",
  "doctor.config.idle": "{name} が設定されていますが、{missing} が未設定なので使われません。",
  "doctor.store.writable": "{folder} に書き込めます。",
  "doctor.store.to_be_made": "{folder} はまだありません。Docent が起動時に作成します。",
  "doctor.store.not_writable": "{folder} に書き込めません ({reason})。",
  "doctor.store.writable_remedy":
    "{folder} を Docent のユーザーが書き込めるフォルダーにするか (chown、chmod u+rwx)、{variable} に別のフォルダーを指定してください。",
  "doctor.store.space": "{folder} のディスクの空きは {free:gigabyte} です。",
  "doctor.store.space_remedy":
    "{folder} のディスクの空きを増やすか、{variable} により大きいディスクのフォルダーを指定してください。",
  "doctor.store.full": "{folder} に書き込めません。ディスクに空きがありません。",
  "doctor.store.no_inodes":
    "{folder} に書き込めません。空きは {free:gigabyte} ありますが、ディスクにこれ以上ファイルを作れません。",
  "doctor.store.inodes_remedy":
    "「df -i {folder}」に空きの inode が出るまで、そのディスクの不要なファイルを削除するか、{variable} に別のディスクのフォルダーを指定してください。",
  "doctor.store.quota": "{folder} に書き込めません。Docent のユーザーのディスク割り当てを使い切っています。",
  "doctor.store.quota_remedy":
    "{folder} のディスクで Docent のユーザーの割り当てを増やすか (setquota)、{variable} に別のディスクのフォルダーを指定してください。",
  "doctor.store.read_only": "{folder} は、読み取り専用でマウントされたディスクにあります。",
  "doctor.store.read_only_remedy":
    "ディスクを書き込み可能でマウントするか (mount -o remount,rw)、コンテナーでは {folder} にボリュームを割り当てるか、{variable} に別のディスクのフォルダーを指定してください。",
  "doctor.store.no_folder": "{folder} がありません。共有ディスクであれば、マウントされていません。",
  "doctor.store.no_folder_remedy":
    "{folder} にディスクをマウントするか、フォルダーを作成してください: mkdir -p {folder}",
  "doctor.store.held": "このフォルダーで Docent が動作中です (プロセス {pid})。",
  "doctor.store.free": "このフォルダーで動作中の Docent はありません。",
  "doctor.store.no_database": "まだデータがありません。Docent が起動時にデータベースを作成します。",
  "doctor.store.database_ok": "このバージョンで読めるデータベースです。",
  "doctor.store.older": "以前のバージョンのデータベースです。Docent が起動時に更新します。",
  "doctor.store.newer": "{place} のデータは、より新しい Docent が書いたものです。",
  "doctor.store.newer_remedy":
    "そのバージョンに Docent を更新するか、DATA_DIR または DATABASE_URL を別の場所にしてください。",
  "doctor.store.damaged": "{file} は SQLite のデータベースではないか、壊れています。",
  "doctor.store.damaged_remedy":
    "Docent を停止し、{file} をバックアップに置き換えてください。なければファイルを移動すると、Docent は新しく始めます。",
  "doctor.store.file_refused": "このユーザーは {file} を読み書きできません。",
  "doctor.store.file_remedy": "Docent を実行するユーザーに渡してください: chown USER {file}",
  "doctor.postgres.ok": "Postgres {version} が応答しました: {server}、データベース {database}",
  "doctor.postgres.password": "{server} の Postgres がユーザーまたはパスワードを拒否しました。",
  "doctor.postgres.password_remedy":
    "DATABASE_URL に正しいユーザーとパスワードを入れ (特殊文字はパーセントエンコードで)、pg_hba.conf でそのユーザーを許可してください。",
  "doctor.postgres.no_database": "{server} の Postgres にデータベース {database} がありません。",
  "doctor.postgres.database_remedy":
    "createdb {database} で作成するか、DATABASE_URL に別のデータベースを指定してください。",
  "doctor.postgres.away_remedy":
    "{server} の Postgres を起動し、ファイアウォールでこのコンピューターを許可するか、DATABASE_URL のホストとポートを直してください。",
  "doctor.postgres.failed": "{server} の Postgres、データベース {database} が命令を拒否しました ({reason})。",
  "doctor.postgres.old": "Postgres {version} にはセキュリティ更新がもうありません。",
  "doctor.postgres.old_remedy": "Postgres を {version} 以降に更新してください。",
  "doctor.postgres.encoding": "データベース {database} の文字コード {encoding} では、すべての文字を保存できません。",
  "doctor.postgres.encoding_remedy":
    "UTF-8 のデータベースを作成し、DATABASE_URL に指定してください: createdb --encoding=UTF8 --template=template0 docent",
  "doctor.postgres.read_only": "この Postgres は変更を受け付けません。スタンバイか、読み取り専用です。",
  "doctor.postgres.read_only_remedy":
    "DATABASE_URL にプライマリを指定するか、default_transaction_read_only をオフにしてください。",
  "doctor.postgres.rights": "DATABASE_URL のユーザーは {database} にスキーマを作成できません。",
  "doctor.postgres.rights_remedy":
    "データベースの所有者として実行してください: GRANT CREATE ON DATABASE 名前 TO ユーザー; スキーマ docent の所有者もそのユーザーにします。",
  "doctor.postgres.full": "{server} の Postgres はこれ以上接続を受け付けません。",
  "doctor.postgres.few": "Postgres に残る接続は {free} 本で、レプリカ 1 つに {needed} 本必要です。",
  "doctor.postgres.full_remedy":
    "postgresql.conf の max_connections を増やして Postgres を再起動するか、レプリカを減らしてください。",
  "doctor.bucket.ok": "バケット {bucket} でファイルの書き込み、読み取り、一覧、削除ができました。",
  "doctor.bucket.failed": "バケット {bucket} を使えません。サーバーの応答: {code}",
  "doctor.bucket.no_bucket_remedy": "バケットを作成するか、BLOB_URL に実在するバケット名を指定してください。",
  "doctor.bucket.key_remedy": "アクセスキーの ID を S3_ACCESS_KEY_ID にコピーし直すか、新しいキーを作成してください。",
  "doctor.bucket.secret_remedy":
    "そのアクセスキーのシークレットを S3_SECRET_ACCESS_KEY にコピーし直すか、新しいキーを作成してください。",
  "doctor.bucket.token_remedy":
    "S3_SESSION_TOKEN を更新するか、期限のないキーを使い S3_SESSION_TOKEN を削除してください。",
  "doctor.bucket.region_remedy": "バケットのページに表示されるリージョンを S3_REGION に設定してください。",
  "doctor.bucket.rights_remedy":
    "キーに、バケットの s3:ListBucket と、その中の s3:GetObject、s3:PutObject、s3:DeleteObject を許可してください。",
  "doctor.bucket.server_remedy": "BLOB_URL のサーバーの説明書でそのコードを調べ、ログと空き容量を確認してください。",
  "doctor.bucket.left": "オブジェクト {key} を削除できませんでした。",
  "doctor.web.any_port": "PORT=0 は空いているポートを使います。",
  "doctor.web.free": "ポート {port} は空いています。Docent は動作していません。",
  "doctor.web.running": "Docent が動作しています: {url}",
  "doctor.web.other": "{url} の Docent は別のデータと設定で動いており、このフォルダーを使っていません: {folder}",
  "doctor.web.other_remedy":
    "その Docent を起動したフォルダーで doctor を実行するか、その Docent を終了するか、PORT を 3001 などの別の番号に変えてください。",
  "doctor.web.taken": "ポート {port} は別のプログラムが使用しています。",
  "doctor.web.taken_remedy": "PORT を 3001 など別の番号にするか、そのプログラムを終了してください。",
  "doctor.web.not_here":
    "HOST={host} はこのコンピューターのアドレスではないため、Docent はそこで接続を受け付けられません。",
  "doctor.web.host_remedy":
    "このコンピューターだけで使うなら HOST=127.0.0.1、ほかからも使うなら WEB_TOKEN とともに HOST=0.0.0.0 を設定してください。",
  "doctor.web.forbidden": "このユーザーはポート {port} を開けないため、Docent は起動しません。",
  "doctor.web.forbidden_remedy":
    "リバースプロキシの背後で PORT を 1024 以上にするか、systemd ユニットの AmbientCapabilities=CAP_NET_BIND_SERVICE で権限を与えてください。",
  "doctor.web.failed": "{host} のポート {port} で接続を受け付けられません ({reason})。",
  "doctor.web.unready": "動作中の Docent からの報告 ({part}): {reason}",
  "doctor.web.unready_remedy":
    "{part} で始まる以下の行を確認してください。すべて正常なら、古い設定のまま動作しているので、Docent を再起動してください。",
  "doctor.openai.none": "キーが未設定です。回答はこのコンピューターで見つけた文書の引用になります。",
  "doctor.openai.key_ok": "キーは有効です: {address}",
  "doctor.openai.key_refused": "OpenAI がキーを拒否しました。",
  "doctor.openai.key_remedy":
    "platform.openai.com → Settings → API keys で **Create new secret key** をクリックし、そのキーを OPENAI_API_KEY に設定してください。",
  "doctor.openai.own_key_refused": "{address} のサーバーがキーを拒否しました。",
  "doctor.openai.own_key_remedy":
    "{address} のサーバーで有効なキーを OPENAI_API_KEY に設定してください。そのサーバーがキーを OpenAI に渡す場合は、platform.openai.com → Settings → API keys → **Create new secret key** で作成します。",
  "doctor.openai.no_scope": "このキーには {path} を使う権限がありません ({reason})。",
  "doctor.openai.scope_remedy":
    "platform.openai.com → Settings → API keys でこのキーの **Edit** をクリックし、**Permissions** を **All** にするか、モデルの読み取りと、応答、会話、ファイル、ベクトルストアの書き込みを許可してください。すでに All の場合は、プロジェクトでの役割の権限が足りません: Settings → Project → Members",
  "doctor.openai.ip":
    "OpenAI はこのキーを特定の IP アドレスからのみ受け付けます。このコンピューターのアドレスは含まれていません。",
  "doctor.openai.ip_remedy":
    "platform.openai.com → Settings → Security → **IP allowlist** に、このコンピューターがインターネットに出るときのアドレスを追加してください。",
  "doctor.openai.country": "このコンピューターのリクエストの送信元は、OpenAI が対応していない国または地域です。",
  "doctor.openai.country_remedy":
    "対応している国と地域は platform.openai.com/docs/supported-countries にあります。対応地域にいる場合は、プロキシや VPN の出口が対象外です。出口を変えるか、OPENAI_BASE_URL に自前のサーバーを指定してください。",
  "doctor.openai.odd_answer": "{address} のサーバーの応答が OpenAI と異なります ({reason})。",
  "doctor.openai.address_remedy":
    "OPENAI_BASE_URL を確認してください。通常は /v1 で終わります。未設定なら status.openai.com を確認してください。",
  "doctor.openai.model_ok": "モデル {model} は利用できます。提供終了日は公表されていません。",
  "doctor.openai.model_until": "モデル {model} の提供は {day} に終了します。",
  "doctor.openai.until_remedy": "その日までに OPENAI_MODEL を gpt-6-luna などの新しいモデルに変更してください。",
  "doctor.openai.no_model": "このキーではモデル {model} を利用できません。",
  "doctor.openai.model_remedy": "OPENAI_MODEL を次のいずれかにしてください: {models}",
  "doctor.openai.model_closed": "このキーのプロジェクトではモデル {model} の使用が許可されていません。",
  "doctor.openai.closed_remedy":
    "platform.openai.com → Settings → Project → **Limits** の **Model usage** で許可するか、OPENAI_MODEL を次のいずれかにしてください: {models}",
  "doctor.openai.model_unfit": "モデル {model} は質問に答えるモデルではありません。",
  "doctor.openai.unfit_remedy": "OPENAI_MODEL を gpt-6-luna など、質問に答えるモデルにしてください。",
  "doctor.openai.no_credit": "アカウントの残高がないか、設定された上限を超えています。",
  "doctor.openai.credit_remedy":
    "platform.openai.com → Settings → Billing で **Add to credit balance** をクリックするか、**Limits** で上限を上げてください。",
  "doctor.openai.abilities_later": "上の問題を先に直す必要があるため、サーバーの機能は確認していません。",
  "doctor.openai.conversations_ok": "会話を作成できます。",
  "doctor.openai.answer_ok": "{model} は回答しました。費用は不明ですが、回答は最大 16 トークンです。",
  "doctor.openai.answer_cost": "{model} は回答しました。この質問の費用は {cost:usd} です。",
  "doctor.openai.no_answer": "モデルは 1 分以内に回答しませんでした。",
  "doctor.openai.background_ok": "回答はバックグラウンドで処理され、再起動しても失われません。",
  "doctor.openai.no_background": "サーバーは Docent に必要なバックグラウンド処理に対応していません。",
  "doctor.openai.streams_ok": "回答はストリームで届きます。",
  "doctor.openai.no_streams":
    "サーバーはストリームに対応していないため、Docent は回答の有無を繰り返し確認します。動作に問題はありません。",
  "doctor.openai.files_ok": "ファイルをアップロードできます。",
  "doctor.openai.stores_ok": "ベクトルストアでファイルを検索可能にできます。",
  "doctor.openai.index_failed": "ベクトルストアのファイルを検索可能にできませんでした: {reason}",
  "doctor.openai.index_slow": "数バイトのファイルが、1 分以内に検索可能になりませんでした。",
  "doctor.openai.search_ok": "モデルがファイルを検索できます。",
  "doctor.openai.no_search": "サーバーが file_search を拒否しました。Docent は長い文書を調べるのにこれを使います。",
  "doctor.openai.no_path": "サーバーに、Docent に必要な {path} がありません。",
  "doctor.openai.path_failed": "{path} へのリクエストが失敗しました: {reason}",
  "doctor.openai.server_remedy":
    "OPENAI_BASE_URL を削除して OpenAI を使うか、バックグラウンド応答、会話、ファイル、ベクトルストア、file_search に対応するサーバーを指定してください。",
  "doctor.openai.status_remedy":
    "status.openai.com、または OPENAI_BASE_URL のサーバーのログを確認し、npm run doctor をもう一度実行してください。",
  "doctor.openai.busy": "OpenAI は現在これ以上リクエストを受け付けません。",
  "doctor.openai.busy_remedy":
    "1 分後に npm run doctor を再実行してください。続く場合は platform.openai.com → Settings → Limits で上限を上げてください。",
  "doctor.openai.left": "確認用に作成したものを削除できませんでした: {ids}",
  "doctor.openai.left_remedy":
    "platform.openai.com → Storage で削除するか、そのままにしてください。数バイトで費用はかかりません。",
  "doctor.slack.none": "Slack は未設定です。",
  "doctor.slack.token_ok": "ボットのトークンは有効です。ワークスペース {workspace}、@{bot}",
  "doctor.slack.token_refused": "Slack がボットのトークンを拒否しました。",
  "doctor.slack.token_remedy":
    "api.slack.com/apps → アプリ → **OAuth & Permissions** の **Bot User OAuth Token** (xoxb-…) を SLACK_BOT_TOKEN にコピーしてください。",
  "doctor.slack.token_expired":
    "ボットのトークンが期限切れです。トークンローテーションを使うアプリのトークンは、12 時間で期限が切れます。",
  "doctor.slack.rotation_remedy":
    "Docent はトークンを更新せず、ローテーションはあとからオフにできません。slack-manifest.json から新しいアプリを作成し、そのトークンを SLACK_BOT_TOKEN と SLACK_APP_TOKEN に設定してください。",
  "doctor.slack.removed": "アプリがワークスペースから削除されたか、トークンが取り消されました。",
  "doctor.slack.install_remedy":
    "api.slack.com/apps → アプリ → **Install App** で **Install to Workspace** をクリックし、新しいトークンを SLACK_BOT_TOKEN にコピーしてください。",
  "doctor.slack.failed": "Slack はリクエストを処理しませんでした: {reason}",
  "doctor.slack.status_remedy":
    "docs.slack.dev/reference/methods でその語を調べ、slack-status.com を確認し、npm run doctor をもう一度実行してください。",
  "doctor.slack.busy": "Slack は、しばらくのあいだ {method} の呼び出しを受け付けません。",
  "doctor.slack.busy_remedy":
    "1 分待ってから npm run doctor をもう一度実行してください。続く場合は、同じトークンを使うほかのプログラムがないか確認してください。",
  "doctor.slack.unanswered": "Slack から {method} への応答がありません。",
  "doctor.slack.unanswered_remedy":
    "slack-status.com とこのコンピューターのプロキシを確認し、npm run doctor をもう一度実行してください。",
  "doctor.slack.scopes_unknown": "Slack からアプリのスコープが示されませんでした。",
  "doctor.slack.scopes_ok": "スコープは {count} 個すべてあります。",
  "doctor.slack.scopes_rest": "ほかの {count} 個のスコープはあります。",
  "doctor.slack.scope_missing": "アプリにスコープ {scope} がありません。",
  "doctor.slack.scope_remedy":
    "api.slack.com/apps → アプリ → **OAuth & Permissions → Scopes → Add an OAuth Scope** で {scope} を追加し、**Reinstall to Workspace** をクリックしてください。",
  "doctor.slack.socket_ok": "Socket Mode に接続しました。",
  "doctor.slack.socket_others":
    "Socket Mode は動作しています。動作中の Docent の接続が {others} 本あるため、イベントはそちらに任せました。",
  "doctor.slack.socket_failed": "Socket Mode に接続できませんでした ({reason})。",
  "doctor.slack.socket_network":
    "ファイアウォールとプロキシで、このコンピューターから *.slack.com への WebSocket (wss) を許可してください。",
  "doctor.slack.socket_unanswered": "Socket Mode の最初の呼び出し {method} に、Slack から応答がありません: {address}",
  "doctor.slack.socket_refused": "Slack が Socket Mode の接続を拒否しました ({reason})。",
  "doctor.slack.socket_refused_remedy":
    "api.slack.com/apps → アプリ → **Socket Mode** で **Enable Socket Mode** がオンか確認してください。オフのときの Slack の応答は分かっていません。オンであれば docs.slack.dev/reference/methods/apps.connections.open でその語を調べてください。",
  "doctor.slack.socket_off": "Socket Mode がオフのため、何も届きません。",
  "doctor.slack.socket_remedy":
    "api.slack.com/apps → アプリ → **Socket Mode** で **Enable Socket Mode** をオンにしてください。",
  "doctor.slack.too_many": "アプリの Socket Mode 接続が、Slack の上限である 10 本に達しています。",
  "doctor.slack.too_many_remedy":
    "同じ SLACK_APP_TOKEN を使うプログラムを止めるか、レプリカを減らすか、SLACK_SIGNING_SECRET で HTTP を使ってください。",
  "doctor.slack.app_token_refused": "Slack がアプリレベルトークンを拒否しました。",
  "doctor.slack.app_token_remedy":
    "api.slack.com/apps → アプリ → **Basic Information → App-Level Tokens** のトークン (xapp-…) を SLACK_APP_TOKEN にコピーしてください。",
  "doctor.slack.app_token_scope": "アプリレベルトークンに connections:write スコープがありません。",
  "doctor.slack.app_token_scope_remedy":
    "**Basic Information → App-Level Tokens → Generate Token and Scopes** で connections:write を付けて作成し、SLACK_APP_TOKEN に設定してください。",
  "doctor.slack.other_app":
    "2 つのトークンのアプリが違います: SLACK_BOT_TOKEN は {bot}、SLACK_APP_TOKEN は {app}。書き込みは届きません。",
  "doctor.slack.other_app_remedy":
    "api.slack.com/apps/{bot}/general → **App-Level Tokens** を開き、そのアプリのトークンを SLACK_APP_TOKEN にコピーしてください。",
  "doctor.slack.not_running": "HTTP モードは Docent の動作中にのみ確認できます。",
  "doctor.slack.not_running_remedy":
    "npm start で Docent を起動し、別のターミナルで npm run doctor を実行してください。",
  "doctor.slack.signing_ok": "Docent は SLACK_SIGNING_SECRET の署名を受け付けます: {address}",
  "doctor.slack.signing_refused":
    "動作中の Docent が SLACK_SIGNING_SECRET の署名を拒否しました。別の値で起動されています: {address}",
  "doctor.slack.signing_remedy":
    "api.slack.com/apps → アプリ → **Basic Information** の **Signing Secret** を SLACK_SIGNING_SECRET にコピーし、Docent を再起動してください。",
  "doctor.slack.signing_failed": "{address} の応答が HTTP モードの Docent と異なります (ステータス {status})。",
  "doctor.slack.signing_again": "Docent を再起動してください。SLACK_SIGNING_SECRET の設定前に起動されています。",
  "doctor.slack.events_off": "投稿しない指定のため、イベントが届くかは確認していません。",
  "doctor.slack.events_elsewhere": "イベントはここから見えない Docent に届くため、確認できません。",
  "doctor.slack.events_by_hand":
    "自分で確かめるには、ボットのいるチャンネルで「@docent こんにちは」、DM で「こんにちは」と書いてください。どちらにも回答が来ます。",
  "doctor.slack.events_others": "app_mention、message.im、message.mpim が届くかは、人が試すしかありません。",
  "doctor.slack.event_ok": "#{channel} の投稿が {event} として届き、削除しました。",
  "doctor.slack.event_heard":
    "#{channel} への投稿の直後に、動作中の Docent が Slack からイベントを受け取りました。その投稿と考えられます ({event})。",
  "doctor.slack.event_missing": "#{channel} の投稿が届きません。アプリは {event} を購読していません。",
  "doctor.slack.event_remedy":
    "api.slack.com/apps → アプリ → **Event Subscriptions → Subscribe to bot events** に {event} を追加し、**Save Changes** をクリックしてアプリを再インストールしてください。",
  "doctor.slack.event_lost": "動作中の Docent に #{channel} の投稿が届きませんでした。",
  "doctor.slack.event_lost_remedy":
    "api.slack.com/apps → アプリ → **Event Subscriptions** に {event} を追加してください。HTTP の場合は Request URL が **Verified** で、**Signing Secret** が SLACK_SIGNING_SECRET と同じである必要があります。",
  "doctor.slack.event_unknown": "動作中の Docent が数値を示さないため、#{channel} の投稿が届いたか不明です。",
  "doctor.slack.event_skipped": "{event} は、その種類のチャンネルにボットがいないため確認していません。",
  "doctor.slack.event_scope": "{event} は、必要なスコープ {scope} がないため確認していません。",
  "doctor.slack.events_scope": "投稿に必要なスコープ {scope} がないため、イベントが届くかは確認していません。",
  "doctor.slack.no_channel": "ボットはどのチャンネルにもいないため、そこで質問できません。",
  "doctor.slack.invite_remedy": "質問に使う各チャンネルで入力してください: /invite @docent",
  "doctor.slack.post_failed": "#{channel} に投稿できませんでした ({reason})。",
  "doctor.slack.post_remedy":
    "**チャンネル詳細 → 設定 → 投稿権限** でボットの投稿を許可するか、/invite @docent で招待し直してください。",
  "doctor.slack.post_lost": "#{channel} への投稿に Slack から応答がありません。投稿は届いている可能性があります。",
  "doctor.slack.post_lost_remedy":
    "slack-status.com を確認し、npm run doctor をもう一度実行してください。投稿が残っていれば、手動で削除してください。",
  "doctor.slack.left": "この確認用の投稿が #{channel} に残っています。",
  "doctor.slack.left_remedy": "そこで手動で削除してください: **その他 → メッセージを削除する**。",
  "doctor.slack.agent_ok": "アプリは Slack の停止ボタン付きで進行状況を表示できます。",
  "doctor.slack.agent_no_stop": "agent_session_stopped を購読していないため、Slack の停止ボタンが機能しません。",
  "doctor.slack.no_agent": "アプリがエージェントではないため、進行状況はリアクションでしか表示されません。",
  "doctor.slack.agent_remedy":
    "api.slack.com/apps → アプリ → **Agents & AI Apps** で機能をオンにするか、**App Manifest** に slack-manifest.json を貼り付け、アプリを再インストールしてください。",
  "doctor.discord.none": "Discord は未設定です。",
  "doctor.discord.token_ok": "ボットのトークンは有効です: {bot}",
  "doctor.discord.token_refused": "Discord がボットのトークンを拒否しました。",
  "doctor.discord.token_remedy":
    "discord.com/developers/applications → アプリケーション → **Bot** で **Reset Token** をクリックし、新しいトークンを DISCORD_TOKEN に設定してください。",
  "doctor.discord.failed": "Discord はリクエストを処理しませんでした ({reason})。",
  "doctor.discord.status_remedy": "discordstatus.com を確認し、npm run doctor をもう一度実行してください。",
  "doctor.discord.odd_answer": "{address} のサーバーの応答が Discord と異なります ({reason})。",
  "doctor.discord.address_remedy":
    "DISCORD_API_URL を確認してください。通常はバージョンを付けず /api で終わります。未設定なら Discord に直接リクエストしているので、このコンピューターのプロキシを確認してください。",
  "doctor.discord.busy": "Discord は、あと {minutes} 分間、このコンピューターからのリクエストを受け付けません。",
  "doctor.discord.busy_remedy":
    "その時間が過ぎてから npm run doctor をもう一度実行してください。誤ったトークンで再起動を繰り返す Docent など、Discord に何度もリクエストするものは止めてください (systemctl status docent、docker logs)。",
  "doctor.discord.content_ok": "Message Content Intent がオンで、ボットは投稿の内容を読めます。",
  "doctor.discord.no_content":
    "Message Content Intent がオフのため、ボットはメンションと DM しか読めず、ほかのファイルも見えません。",
  "doctor.discord.content_remedy":
    "discord.com/developers/applications → アプリケーション → **Bot** で **Message Content Intent** をオンにし、Docent を再起動してください。",
  "doctor.discord.endpoint":
    "アプリケーションに Interactions Endpoint URL があるため、コマンドとボタンは Docent ではなくそちらに送られます。",
  "doctor.discord.endpoint_remedy":
    "discord.com/developers/applications → アプリケーション → **General Information** の **Interactions Endpoint URL** を空にして保存してください。",
  "doctor.discord.code_grant": "ボットにコード付与が必要なため、招待リンクが機能しません。",
  "doctor.discord.code_grant_remedy":
    "discord.com/developers/applications → アプリケーション → **Bot** で **Requires OAuth2 Code Grant** をオフにしてください。",
  "doctor.discord.gateway_ok": "ゲートウェイに接続しました。",
  "doctor.discord.no_gateway": "ゲートウェイに接続できませんでした。",
  "doctor.discord.gateway_remedy":
    "ファイアウォールで gateway.discord.gg への WebSocket (wss) の直接接続を許可し（プロキシは経由しません）、discordstatus.com を確認してください。",
  "doctor.discord.few_sessions":
    "今日開始できるセッションは残り {remaining} 回のため、ゲートウェイは確認していません。",
  "doctor.discord.sessions_remedy":
    "Docent の再起動の繰り返しを止め (systemctl status docent、docker logs)、最後のログを確認してください。回数は {hours} 時間後に戻ります。",
  "doctor.discord.wrong_shards": "Discord が DISCORD_SHARDS のシャードを拒否しました。",
  "doctor.discord.shards_remedy":
    "DISCORD_SHARDS=auto にするか、総数を {shards} 以上にしてください。1 シャードは最大 2,500 サーバーです。",
  "doctor.discord.commands_ok": "/docent とメッセージメニューのコマンドは登録済みです。",
  "doctor.discord.no_commands": "まだ登録されていません: {names}",
  "doctor.discord.commands_remedy":
    "Docent を起動すると登録されます。それでも表示されない場合は {link} を開き、サーバーを選び直してください。",
  "doctor.discord.no_server": "ボットはどのサーバーにもいません。",
  "doctor.discord.invite_remedy": "{link} を開き、サーバーを選んでください。",
  "doctor.discord.server_failed": "サーバー {server} は確認できませんでした ({reason})。",
  "doctor.discord.server_remedy": "{link} を開いて {server} を選び直すか、そのサーバーからボットを外してください。",
  "doctor.discord.more_servers": "ほか {more} サーバーは確認していません。",
  "doctor.discord.role_lacks": "サーバー {server} でボットに不足する権限: {permissions}",
  "doctor.discord.role_remedy":
    "{server} の **サーバー設定 → ロール → Docent → 権限** で {permissions} を許可するか、{link} を開いてサーバーを選び直してください。",
  "doctor.discord.sees": "サーバー {server} では {all} チャンネル中 {seen} が見えます。",
  "doctor.discord.sees_none": "サーバー {server} でボットに見えるチャンネルがありません。",
  "doctor.discord.sees_remedy":
    "{server} で **チャンネルの編集 → 権限** を開き、Docent を追加して **チャンネルを見る** を許可してください。",
  "doctor.discord.channel_lacks": "サーバー {server} でボットに {permission} がないチャンネル: {channels}",
  "doctor.discord.channel_remedy":
    "各チャンネルの **チャンネルの編集 → 権限 → Docent** で {permission} を許可してください。",
};

export const page: PageTexts = {
  "page.title": "{channel} · Docent",
  "page.noscript": "Docent のページには JavaScript が必要です。",
  "page.skip": "質問欄へスキップ",
  "page.channels": "チャンネル",
  "page.conversation": "会話",
  "page.documents": "ドキュメント",
  "page.menu": "チャンネルを表示",
  "page.close": "閉じる",
  "page.toggle_documents": "ドキュメントの表示を切り替え",
  "page.theme_dark": "ダークテーマに切り替え",
  "page.theme_light": "ライトテーマに切り替え",
  "page.sign_out": "サインアウト",
  "page.reconnecting": "再接続しています…",
  "page.engine_local":
    "引用のみ: モデルが設定されていません。OPENAI_API_KEY を追加すると、文章で回答できるようになります。",
  "page.engine": "回答: {engine}",
  "page.engine_unready": "現在 {engine} を利用できないため、引用だけを表示します。",
  "page.engine_mend": "設定を確認",
  "channel.new": "新しいチャンネル",
  "channel.new_hint": "会話とドキュメントは、チャンネルごとに分けて保存されます。",
  "channel.name": "名前",
  "channel.create": "作成",
  "channel.invalid": "文字、数字、「-」「_」「.」を 1～80 文字で入力してください。",
  "channel.forget": "このチャンネルの記録を削除",
  "channel.forget_title": "「{channel}」の記録を削除しますか？",
  "channel.forget_text":
    "メッセージ、ドキュメント、モデルが覚えている内容をすべて削除します。この操作は元に戻せません。",
  "channel.forget_confirm": "すべて削除",
  "channel.forgotten": "メッセージ {messages} 件とドキュメント {documents} 件を削除しました。",
  "message.empty_title": "ドキュメントについて質問しましょう",
  "message.empty": "PDF、Office 文書、テキストファイルを追加するか、このページにドロップして、質問してください。",
  "message.you": "あなた",
  "message.docent": "Docent",
  "message.noted": "受け取りました。質問があれば読み込みます。",
  "message.in_reply": "質問: {question}",
  "message.new": "新しいメッセージ",
  "message.answered": "Docent の回答: {text}",
  "message.copy": "回答をコピー",
  "message.copied": "コピーしました",
  "message.sources": "出典",
  "message.citation": "出典 {number}: {label}",
  "message.usage": "入力 {input} トークン、出力 {output} トークン",
  "message.loading_failed": "メッセージを読み込めませんでした: {reason}",
  "outbox.uploading": "{files} 個のファイルをアップロード中: {share:percent}",
  "outbox.sending": "送信中…",
  "outbox.waiting": "サーバーを待っています。接続が戻りしだい送信します。",
  "outbox.retry": "再試行",
  "outbox.discard": "破棄",
  "turn.reading": "読み込み中",
  "turn.running": "考え中",
  "turn.stop": "停止",
  "turn.stopping": "停止しています…",
  "composer.label": "質問",
  "composer.placeholder": "質問を入力",
  "composer.attach": "ファイルを追加",
  "composer.send": "送信",
  "composer.hint": "Enter で送信、Shift + Enter で改行",
  "composer.remove": "{name} を外す",
  "composer.too_large": "「{name}」は {max:megabyte} を超えているため、除外しました。",
  "composer.too_many": "1 件のメッセージに添付できるファイルは {max} 個までのため、残りを除外しました。",
  "composer.folder": "フォルダーは追加できません。中のファイルを選んでください。",
  "composer.drop": "ここにドロップすると、メッセージに追加されます",
  "document.none": "このチャンネルにはまだドキュメントがありません。",
  "document.knowledge": "チームのナレッジ",
  "document.knowledge_hint": "どのチャンネルからでも質問できます。",
  "document.noted": "質問があれば読み込みます",
  "document.reading": "読み込み中",
  "document.ready": "利用可能",
  "document.failed": "利用できません",
  "document.pages": "{pages} ページ",
  "document.kind_measured": "{kind}、{measure}",
  "document.tokens": "テキスト {tokens} トークン",
  "document.tokens_of_pictures": "読み取り時 {tokens} トークン",
  "document.cost": "1 日あたり約 {cost}",
  "document.cost_small": "1 日あたり {cost:usd} 未満",
  "document.added": "{when}に追加",
  "document.added_by": "{when}に {who} さんが追加",
  "document.added_here": "{when}にこのページから追加",
  "document.files": "ファイル {files} 個",
  "document.files_ready": "ファイル {files} 個、うち {ready} 個が利用可能",
  "document.files_of": "{name} の中のファイル",
  "document.open": "{name} を開く",
  "document.delete": "{name} を削除",
  "document.delete_title": "「{name}」を削除しますか？",
  "document.delete_text":
    "ここに保存した分と、モデルの提供元に保存した分を削除します。このページでこの文書を引用した回答は本文が消え、Slack と Discord のメッセージは残ります。",
  "document.delete_confirm": "削除",
  "document.deleted": "「{name}」を削除しました。",
  "kind.pdf": "PDF",
  "kind.scan": "スキャンした PDF",
  "kind.text": "テキスト",
  "kind.table": "表",
  "kind.workbook": "スプレッドシート",
  "kind.office": "文書",
  "kind.slides": "プレゼンテーション",
  "kind.image": "画像",
  "kind.archive": "圧縮ファイル",
  "unit.page": "ページ単位",
  "unit.line": "行単位",
  "unit.slide": "スライド単位",
  "unit.sheet": "シート単位",
  "unit.section": "セクション単位",
  "knowledge.add": "ドキュメントを追加",
  "knowledge.add_failed": "ドキュメントを追加できませんでした: {reason}",
  "knowledge.too_many": "一度に追加できるファイルは {max} 個までのため、残りを除外しました。",
  "knowledge.drop": "ここにドロップすると、チームのナレッジに追加されます",
  "knowledge.empty":
    "チームのハンドブックをボタンで追加するか、ここにドロップすると、誰でもどのチャンネルからでも質問できます。",
  "knowledge.filter": "名前で検索",
  "knowledge.found": "{all} 件中 {found} 件",
  "knowledge.no_match": "名前に「{query}」を含むドキュメントはありません。",
  "knowledge.count": "ドキュメント {all} 件",
  "knowledge.reading": "{reading} 件を読み込み中",
  "knowledge.failed": "{failed} 件が利用できません",
  "knowledge.cost_free": "OpenAI の保存料なし（最初の {free} は無料）",
  "knowledge.cost": "OpenAI の保存料 {cost}（最初の {free} は無料）",
  "usage.title": "使用状況",
  "usage.about": "すべてのチャンネルとワークスペースの合計です。1 日は午前 0 時に始まります（{zone}）。",
  "usage.period": "期間",
  "usage.days": "{days} 日間",
  "usage.csv": "CSV",
  "usage.csv_hint": "CSV でダウンロード（日付、チャンネル、メンバー、モデル別）",
  "usage.loading": "集計中…",
  "usage.failed": "使用状況を読み込めませんでした: {reason}",
  "usage.again": "再試行",
  "usage.none": "この {days} 日間、モデルへの質問はありませんでした。",
  "usage.cost": "費用",
  "usage.questions": "質問",
  "usage.input": "入力トークン",
  "usage.output": "出力トークン",
  "usage.by_day_cost": "日別の費用",
  "usage.by_day_questions": "日別の質問",
  "usage.day": "{day}: {cost}、質問 {questions} 件",
  "usage.budgets": "今日の予算",
  "usage.budget_all": "すべての質問",
  "usage.budget_channel": "チャンネル {name}",
  "usage.budget_user": "{name} さん",
  "usage.spent": "{spent} / {limit}",
  "usage.left": "残り {left}",
  "usage.renews": "{when} に更新されます。",
  "usage.no_budgets": "予算は設定されていません。BUDGET_USD_PER_DAY で設定できます。",
  "usage.channels": "チャンネル",
  "usage.users": "メンバー",
  "usage.models": "モデル",
  "usage.from_page": "このページ",
  "usage.cut": "一覧はここまでです。すべては CSV にあります。",
  "usage.storage": "OpenAI に保存したドキュメント",
  "usage.storage_none": "OpenAI に保存したドキュメントはありません。",
  "usage.storage_text": "ドキュメント {documents} 件、{size}。無料の最初の {free} を除いて{cost}。",
  "page.engine_local_here": "モデルが設定されていないため、引用だけを表示します。",
  "setup.title": "セットアップ",
  "setup.about":
    "キーとトークンは、それぞれ確認してからこのコンピューターの .env に保存します。再び表示することはありません。",
  "setup.offer": "OpenAI、Slack、Discord を設定",
  "setup.loading": "設定を確認しています…",
  "setup.connected": "確認済み",
  "setup.missing": "未設定",
  "setup.broken": "動作していません",
  "setup.after_restart": "再起動後に使用",
  "setup.open": "設定する",
  "setup.replace": "変更する",
  "setup.by_hand": "または、マニフェストから手動で作成:",
  "setup.copy_manifest": "マニフェストをコピー",
  "setup.kept": "保存済みです。空欄のままにすると変更しません。",
  "setup.checking": "確認しています…",
  "setup.save": "確認して保存",
  "setup.saving": "確認して保存しています…",
  "setup.restart":
    ".env に保存しました。使用するには Docent を再起動してください。Ctrl+C で停止してから npm start を実行すると、このページに自動的に反映されます。",
  "dialog.cancel": "キャンセル",
  "viewer.page": "ページ",
  "viewer.of": "/ {pages} ページ",
  "viewer.previous": "前のページ",
  "viewer.next": "次のページ",
  "viewer.zoom_in": "拡大",
  "viewer.zoom_out": "縮小",
  "viewer.fit": "幅に合わせる",
  "viewer.original": "元のファイルを開く",
  "viewer.loading": "開いています…",
  "viewer.quote": "引用箇所",
  "viewer.not_found": "このページで引用箇所を示せませんでした。",
  "viewer.failed": "このドキュメントを表示できません: {reason}",
  "viewer.damaged": "ファイルを開けませんでした",
  "viewer.archive": "圧縮ファイル自体にはページがありません。中のファイルはドキュメントの一覧にあります",
  "viewer.unread": "ここにないか、まだ読み込まれていません",
  "viewer.line": "{line} 行目から",
  "error.network": "サーバーに接続できません。",
};

export const search: SearchWords = {
  stopWords: [],
  questionWords: [
    "何ですか",
    "なんですか",
    "ですか",
    "ますか",
    "でしょうか",
    "ください",
    "どのように",
    "どうやって",
    "どの",
    "どこ",
    "どれ",
    "いつ",
    "だれ",
    "なぜ",
    "いくつ",
    "いくら",
  ],
  titlePage: /タイトル|題名|著者|作者|発行|表紙/u,
  wholeDocument: /要約|概要|まとめて|サマリー|どんな内容|何が書/u,
};
