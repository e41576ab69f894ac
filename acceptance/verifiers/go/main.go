// Command verifier signs and verifies with the official Go library: a JSON object a line in, one a
// line out.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const longestLine = 16 << 20

type wish struct {
	Do        string `json:"do"`
	Secret    string `json:"secret"`
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
	Signature string `json:"signature"`
	Body      string `json:"body"`
}

type answer struct {
	OK        bool   `json:"ok"`
	Why       string `json:"why,omitempty"`
	Signature string `json:"signature,omitempty"`
}

func (w wish) answer() (answer, error) {
	webhook, err := standardwebhooks.NewWebhook(w.Secret)
	if err != nil {
		return answer{}, err
	}
	if w.Do == "sign" {
		seconds, err := strconv.ParseInt(w.Timestamp, 10, 64)
		if err != nil {
			return answer{}, err
		}
		signature, err := webhook.Sign(w.ID, time.Unix(seconds, 0), []byte(w.Body))
		return answer{OK: true, Signature: signature}, err
	}
	headers := http.Header{}
	headers.Set("webhook-id", w.ID)
	headers.Set("webhook-timestamp", w.Timestamp)
	headers.Set("webhook-signature", w.Signature)
	if err := webhook.Verify([]byte(w.Body), headers); err != nil {
		return answer{Why: err.Error()}, nil
	}
	return answer{OK: true}, nil
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var w wish
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			log.Fatal(err)
		}
		a, err := w.answer()
		if err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
}
