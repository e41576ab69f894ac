-- Lists of the videos that were asked for in OpenAI's words, however many other tasks an application has. The field
-- names them: within a text of JSON its quotes would be escaped.
CREATE INDEX task_video ON task (application_id, id) WHERE strpos(request, '"openai_video"') > 0;
