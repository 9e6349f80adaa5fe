<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
  <context>
    <name>studio</name>
    <message numerus="yes">
      <source>Approve {n} results</source>
      <translation>
        <numerusform>Approve {n} result</numerusform>
        <numerusform>Approve {n} results</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Each photo costs {n} credits when it is done.</source>
      <translation>
        <numerusform>Each photo costs {n} credit when it is done.</numerusform>
        <numerusform>Each photo costs {n} credits when it is done.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>It changes {n} shots; they are in the queue.</source>
      <translation>
        <numerusform>It changes {n} shot; it is in the queue.</numerusform>
        <numerusform>It changes {n} shots; they are in the queue.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of {n} results no master was kept, from which files for channels are made.</source>
      <translation>
        <numerusform>Of one result no master was kept, from which files for channels are made.</numerusform>
        <numerusform>Of {n} results no master was kept, from which files for channels are made.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Paused; {n} photos wait.</source>
      <translation>
        <numerusform>Paused; {n} photo waits.</numerusform>
        <numerusform>Paused; {n} photos wait.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Process {n} again, keeping the masters</source>
      <translation>
        <numerusform>Process {n} again, keeping the master</numerusform>
        <numerusform>Process {n} again, keeping the masters</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Reject {n} results</source>
      <translation>
        <numerusform>Reject {n} result</numerusform>
        <numerusform>Reject {n} results</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Start {n} shots</source>
      <translation>
        <numerusform>Start {n} shot</numerusform>
        <numerusform>Start {n} shots</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The farm does {n} photos now.</source>
      <translation>
        <numerusform>The farm does {n} photo now.</numerusform>
        <numerusform>The farm does {n} photos now.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>This costs {n} credits when they are done.</source>
      <translation>
        <numerusform>This costs {n} credit when it is done.</numerusform>
        <numerusform>This costs {n} credits when they are done.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>You have {n} credits.</source>
      <translation>
        <numerusform>You have {n} credit.</numerusform>
        <numerusform>You have {n} credits.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>beyond a queue of {n}</source>
      <translation>
        <numerusform>beyond a queue of {n}</numerusform>
        <numerusform>beyond a queue of {n}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{done} of {n} done</source>
      <translation>
        <numerusform>{done} of {n} done</numerusform>
        <numerusform>{done} of {n} done</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{folder}, {n} shots</source>
      <translation>
        <numerusform>{folder}, 1 shot</numerusform>
        <numerusform>{folder}, {n} shots</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} break a rule of their channel and stand under _review.</source>
      <translation>
        <numerusform>One breaks a rule of its channel and stands under _review.</numerusform>
        <numerusform>{n} break a rule of their channel and stand under _review.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} corrections</source>
      <translation>
        <numerusform>{n} correction</numerusform>
        <numerusform>{n} corrections</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} credits</source>
      <translation>
        <numerusform>{n} credit</numerusform>
        <numerusform>{n} credits</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} credits wait for their payment. They arrive here by themselves.</source>
      <translation>
        <numerusform>{n} credit waits for its payment. It arrives here by itself.</numerusform>
        <numerusform>{n} credits wait for their payment. They arrive here by themselves.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} decisions stay as they are</source>
      <translation>
        <numerusform>{n} decision stays as it is</numerusform>
        <numerusform>{n} decisions stay as they are</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} done</source>
      <translation>
        <numerusform>{n} done</numerusform>
        <numerusform>{n} done</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} failed</source>
      <translation>
        <numerusform>{n} failed</numerusform>
        <numerusform>{n} failed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} files stand in {folder}.</source>
      <translation>
        <numerusform>1 file stands in {folder}.</numerusform>
        <numerusform>{n} files stand in {folder}.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} files wait to be sent.</source>
      <translation>
        <numerusform>{n} file waits to be sent.</numerusform>
        <numerusform>{n} files wait to be sent.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} garments</source>
      <translation>
        <numerusform>{n} garment</numerusform>
        <numerusform>{n} garments</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} of them are used</source>
      <translation>
        <numerusform>{n} of them is used</numerusform>
        <numerusform>{n} of them are used</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} of those selected are not finished and approved yet and are left out.</source>
      <translation>
        <numerusform>{n} of those selected is not finished and approved yet and is left out.</numerusform>
        <numerusform>{n} of those selected are not finished and approved yet and are left out.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} originals are back where they were.</source>
      <translation>
        <numerusform>{n} original is back where it was.</numerusform>
        <numerusform>{n} originals are back where they were.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} others can only be rendered on this computer.</source>
      <translation>
        <numerusform>{n} other can only be rendered on this computer.</numerusform>
        <numerusform>{n} others can only be rendered on this computer.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} owed: the next credits pay them first.</source>
      <translation>
        <numerusform>{n} owed: the next credits pay it first.</numerusform>
        <numerusform>{n} owed: the next credits pay them first.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos are rendered by the service.</source>
      <translation>
        <numerusform>{n} photo is rendered by the service.</numerusform>
        <numerusform>{n} photos are rendered by the service.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos failed</source>
      <translation>
        <numerusform>{n} photo failed</numerusform>
        <numerusform>{n} photos failed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos of an inside have no front</source>
      <translation>
        <numerusform>{n} photo of an inside has no front</numerusform>
        <numerusform>{n} photos of an inside have no front</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos wait in this computer's queue.</source>
      <translation>
        <numerusform>{n} photo waits in this computer's queue.</numerusform>
        <numerusform>{n} photos wait in this computer's queue.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos were finished with this recipe before and were skipped.</source>
      <translation>
        <numerusform>{n} photo was finished with this recipe before and was skipped.</numerusform>
        <numerusform>{n} photos were finished with this recipe before and were skipped.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos were left from the last time.</source>
      <translation>
        <numerusform>{n} photo was left from the last time.</numerusform>
        <numerusform>{n} photos were left from the last time.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} reserved for renderings under way.</source>
      <translation>
        <numerusform>{n} reserved for a rendering under way.</numerusform>
        <numerusform>{n} reserved for renderings under way.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results</source>
      <translation>
        <numerusform>{n} result</numerusform>
        <numerusform>{n} results</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results do not show them yet.</source>
      <translation>
        <numerusform>{n} result does not show them yet.</numerusform>
        <numerusform>{n} results do not show them yet.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results have no master and are left out.</source>
      <translation>
        <numerusform>{n} result has no master and is left out.</numerusform>
        <numerusform>{n} results have no master and are left out.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results have no master and were left out.</source>
      <translation>
        <numerusform>1 result has no master and was left out.</numerusform>
        <numerusform>{n} results have no master and were left out.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results stay in review</source>
      <translation>
        <numerusform>{n} result stays in review</numerusform>
        <numerusform>{n} results stay in review</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results to review</source>
      <translation>
        <numerusform>{n} result to review</numerusform>
        <numerusform>{n} results to review</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots</source>
      <translation>
        <numerusform>{n} shot</numerusform>
        <numerusform>{n} shots</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots are looked at.</source>
      <translation>
        <numerusform>{n} shot is looked at.</numerusform>
        <numerusform>{n} shots are looked at.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots ready</source>
      <translation>
        <numerusform>{n} shot ready</numerusform>
        <numerusform>{n} shots ready</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} stayed, because another file has their name.</source>
      <translation>
        <numerusform>{n} stayed, because another file has its name.</numerusform>
        <numerusform>{n} stayed, because another file has their name.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} to do</source>
      <translation>
        <numerusform>{n} to do</numerusform>
        <numerusform>{n} to do</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} to review</source>
      <translation>
        <numerusform>{n} to review</numerusform>
        <numerusform>{n} to review</numerusform>
      </translation>
    </message>
  </context>
</TS>
