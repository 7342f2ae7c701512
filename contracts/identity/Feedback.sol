// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {FeedbackRows} from "./FeedbackRows.sol";

/// @notice What can be read of feedback.
abstract contract Feedback is FeedbackRows {
    /// @inheritdoc IReputationRegistry
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals) {
        require(clientAddresses.length != 0, ReputationRegistry_NoClients());
        Filter memory filter = _filter(tag1, tag2, false);
        uint64[19] memory counts;
        int256 sum;
        for (uint256 i = 0; i < clientAddresses.length; ++i) {
            Row[] storage rows = _rows[agentId][clientAddresses[i]];
            for (uint256 j = 0; j < rows.length; ++j) {
                Row storage row = rows[j];
                if (!_passes(row, filter)) continue;
                sum += row.value * int256(10 ** (18 - row.decimals));
                ++counts[row.decimals];
                ++count;
            }
        }
        if (count == 0) return (0, 0, 0);
        for (uint8 i = 1; i < 19; ++i) if (counts[i] > counts[summaryValueDecimals]) summaryValueDecimals = i;
        summaryValue = int128((sum / int64(count)) / int256(10 ** (18 - summaryValueDecimals)));
    }

    /// @inheritdoc IReputationRegistry
    function readFeedback(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex
    )
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked)
    {
        Row storage row = _row(agentId, clientAddress, feedbackIndex);
        return (row.value, row.decimals, row.tag1, row.tag2, row.revoked);
    }

    /// @inheritdoc IReputationRegistry
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        )
    {
        address[] memory from = clientAddresses;
        if (from.length == 0) from = _clients[agentId];
        (clients, feedbackIndexes) = _find(agentId, from, _filter(tag1, tag2, includeRevoked));
        uint256 found = clients.length;
        (values, valueDecimals, revokedStatuses) = (new int128[](found), new uint8[](found), new bool[](found));
        (tag1s, tag2s) = (new string[](found), new string[](found));
        for (uint256 i = 0; i < found; ++i) {
            Row storage row = _rows[agentId][clients[i]][feedbackIndexes[i] - 1];
            (values[i], valueDecimals[i], revokedStatuses[i]) = (row.value, row.decimals, row.revoked);
            (tag1s[i], tag2s[i]) = (row.tag1, row.tag2);
        }
    }

    function _find(
        uint256 agentId,
        address[] memory clients,
        Filter memory filter
    ) private view returns (address[] memory found, uint64[] memory indexes) {
        uint256 all;
        for (uint256 i = 0; i < clients.length; ++i) all += getLastIndex(agentId, clients[i]);
        (found, indexes) = (new address[](all), new uint64[](all));
        uint256 count;
        for (uint256 i = 0; i < clients.length; ++i) {
            Row[] storage rows = _rows[agentId][clients[i]];
            for (uint64 j = 0; j < rows.length; ++j) {
                if (_passes(rows[j], filter)) (found[count], indexes[count++]) = (clients[i], j + 1);
            }
        }
        assembly ("memory-safe") {
            mstore(found, count)
            mstore(indexes, count)
        }
    }
}
