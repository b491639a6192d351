// A conversation of several people in two languages and several rooms, for screens that are scanned or photographed.

const GENERAL = [
  ["Aiko", "おはようございます！ 今日の打ち合わせ、14時からで大丈夫ですか？"],
  ["Ben", "Morning! 14:00 works for me. I'll bring the numbers from the load test."],
  ["Aiko", "ありがとう。ベンさんの数字、楽しみにしています 📈"],
  ["Aiko", "資料はこのあと共有しますね。"],
  ["千佳", "少し遅れるかもしれません。電車が止まっていて……"],
  ["Diego", "No rush, Chika. We can start with the demo and do the planning when you're here."],
  ["千佳", "助かります🙏 15分くらいで着くと思います。"],
  ["Ben", "Here is the short version:\n• 100 people, 1,000 messages each\n• nothing lost, nothing twice\n• everybody saw the same order"],
  ["Diego", "Nice. What happens when the server is restarted in the middle of it?"],
  ["Ben", "Everybody comes back by themselves and gets what they missed. I tried it three times 😄"],
  ["Aiko", "すばらしい！ お客さまへの説明にそのまま使えそうです。"],
  ["健太郎", "横から失礼します。会議室は3階の「さくら」を予約しました。プロジェクターもあります。"],
  ["Diego", "Thank you, Kentarō! See you there."],
];

const ELSEWHERE = {
  design: [["Diego", "New colours for the night theme are up."], ["Aiko", "落ち着いた色で好きです。"]],
  雑談: [["健太郎", "お昼はカレーにします🍛"], ["千佳", "いいですね、わたしも！"]],
  "release-0.1": [["Ben", "The first build is ready to try."]],
};

/** A message with most of what a text can be formatted with. */
export const FORMATTED = [
  "## 予定",
  "**14時**から*三階*で。~~13時~~ @Anna ||ケーキがあります||",
  "> 資料はどこですか",
  "[共有フォルダー](https://example.org/files)の中、または #design で：",
  "- 数字",
  "  - 負荷試験",
  "1. デモ",
  "```rust",
  "fn main() {",
  '    println!("広場");',
  "}",
  "```",
].join("\n");

/** Posts the conversation of `general`. Returns the clients by name; they stay connected. */
export async function hold(stage) {
  const people = new Map();
  const rooms = ["general", ...Object.keys(ELSEWHERE)];
  for (const name of ["Aiko", "Ben", "千佳", "Diego", "健太郎"]) {
    people.set(name, await stage.wire(name, { rooms }));
  }
  for (const [name, text] of GENERAL) await people.get(name).post("general", text);
  return people;
}

/** Posts messages of the same people in the other rooms, so that these have something unread. */
export async function goOnElsewhere(people) {
  for (const [room, lines] of Object.entries(ELSEWHERE)) {
    for (const [name, text] of lines) await people.get(name).post(room, text);
  }
}
